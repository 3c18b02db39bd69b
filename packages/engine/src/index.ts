/** The engine's public entry: the door, its vocabularies, and the configuration it takes. */
export { createEngine, type Engine, type Remembered, type RestoredState } from './engine.ts'
export type * from './events.ts'
export type * from './effects.ts'
export type * from './notices.ts'
export type * from './snapshot.ts'
export type * from './configuration/configuration.ts'
export {
  checkConfiguration,
  LEASE_SECONDS_MIN,
  type CheckableConfiguration,
} from './configuration/check-configuration.ts'
export { pathText, type ConfigurationProblem } from './configuration/configuration-problem.ts'
export type * from './bindings/binding.ts'
export { bindingKey, keyOf, NO_SUBNET } from './bindings/binding.ts'
export type { HashSeed } from './bindings/keyed-hash.ts'
export { explainLifetime, type LifetimeExplanation } from './bindings/explain-lifetime.ts'
export { leaseText } from './bindings/lease-text.ts'
export {
  recordedStates,
  type EndpointRecord,
  type HandedOver,
  type EndpointState,
  type PartnerRecord,
  type RecordedState,
} from './failover/endpoint-record.ts'
export type { ReservationRecord } from './failover/reservation-agreement.ts'
export { lostStoreRecords } from './failover/restored-store.ts'
export type { LifetimeDecision } from './failover/service-policy.ts'
export type { PoolDrain } from './allocation/pool-drains.ts'
export { addMs, addSeconds, instant, type Instant } from './time/instant.ts'
export { createSteadyTime } from './time/steady-time.ts'
export { isPromise } from './promising-outputs.ts'
