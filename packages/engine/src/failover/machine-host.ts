/** What the state machine of an endpoint asks of the rest, and the words in which it tells its moves (RFC 8156 section 8). */
import type { RelationshipConfiguration } from '../configuration/configuration.ts'
import type { TransitionRecord } from '../effects.ts'
import type { Step } from '../step.ts'
import type { Instant } from '../time/instant.ts'

/** What the machine asks of its endpoint. */
export interface MachineHost {
  readonly relationship: RelationshipConfiguration
  communicationsOk(): boolean
  lastHeardFromPartnerAt(): Instant | undefined
  /** To the partner, where a connection is agreed. */
  sendState(step: Step): void
  flushUpdates(step: Step): void
  requestUpdates(step: Step, all: boolean): void
}

/** Why the endpoint moves: for history and log. */
export interface Why {
  readonly cause: string
  readonly rule: string
  readonly inputs: TransitionRecord['inputs']
  readonly operator?: string
}
