/** What a simulated server is given by its world. */
import type { EngineConfiguration, Output } from '@tandem/engine'
import type { DeliberateBug } from '@tandem/engine/simulation'
import type { ProcessObserver } from './process-observer.ts'
import type { Schedule } from './schedule.ts'
import type { SimulatedStore } from './simulated-store.ts'
import type { StreamNetwork } from './stream-network.ts'

export interface ServerProcessOptions {
  readonly configuration: EngineConfiguration
  readonly partner: string
  readonly schedule: Schedule
  readonly streams: StreamNetwork
  readonly store: SimulatedStore
  readonly observers: readonly ProcessObserver[]
  /** Datagrams to clients and relays. */
  readonly sendDatagram: (server: string, output: Extract<Output, { kind: 'send-datagram' }>) => void
  /** A bug put in on purpose, to see whether a checker notices. */
  readonly bug?: DeliberateBug | undefined
}
