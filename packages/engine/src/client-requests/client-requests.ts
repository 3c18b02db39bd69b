/** The face of the client side towards the engine's door. */
import type { BindingTable } from '../bindings/binding-table.ts'
import type { Pools } from '../allocation/pools.ts'
import type { EngineConfiguration } from '../configuration/configuration.ts'
import type { DatagramReceived } from '../events.ts'
import type { LeftQuestion, ServicePolicy } from '../failover/service-policy.ts'
import type { Step } from '../step.ts'

export interface ClientRequests {
  /** One datagram of a client or relay: decode, choose the link, decide, answer. Never throws for bad input. */
  receive(step: Step, event: DatagramReceived): void
}

export interface ClientRequestsOptions {
  readonly configuration: EngineConfiguration
  readonly table: BindingTable
  readonly pools: Pools
  readonly policy: ServicePolicy
  leftToPrimary(step: Step, relationship: string, question: LeftQuestion): void
}
