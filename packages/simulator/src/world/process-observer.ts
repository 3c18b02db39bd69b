/** What is seen of a simulated server from outside. */
import type { Effects, Engine, EngineEvent, Instant, Output, StorageChange } from '@tandem/engine'

export type Ending = 'crash' | 'shut-down' | 'storage-failed'

/** What others in the world see of a process, in the order in which it happens. */
export interface ProcessObserver {
  started?(server: string, engine: Engine): void
  /** `isCommitting`: what it had decided last is not on disk, or not known to be. */
  stopped?(server: string, how: Ending, engine: Engine, isCommitting: boolean): void
  erased?(server: string): void
  decided?(server: string, event: EngineEvent, effects: Effects, engine: Engine, now: Instant): void
  committed?(server: string, changes: readonly StorageChange[], now: Instant): void
  released?(server: string, output: Output, now: Instant): void
}
