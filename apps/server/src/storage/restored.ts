/** What the engine starts from, as it was read from a storage. */
import type { RestoredState } from '@tandem/engine'

export interface Restored {
  readonly state: RestoredState
  readonly lastCommitNumber: number
}
