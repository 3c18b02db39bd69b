/** The shape of one endpoint state: whom it answers, from which leases, under which bound, and what entering it does. */
import type { Role } from '../../configuration/configuration.ts'
import type { Answers } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import type { EndpointState } from '../endpoint-record.ts'

export type ByRole<T> = Readonly<Record<Role, T>>

/** From which available leases a new one may be taken (RFC 8156 section 4.2, digest 8.3). */
export type AllocatesFrom = 'nothing' | 'own' | 'own-then-partners-prefixes-after-mclt'

export interface StatePolicy {
  readonly answers: ByRole<Answers>
  readonly allocatesFrom: ByRole<AllocatesFrom>
  /** Whether a client's expiry stays within max(acked-partner-lifetime, now) + MCLT (RFC 8156 section 4.4). */
  readonly mcltBound: boolean
  /** Section that says so; shown to operators. */
  readonly rule: string
}

/** What entering a state may set in motion. */
export interface EnteredEndpoint {
  readonly role: Role
  /** Is there a partner to talk to right now? */
  communicationsOk(): boolean
  /** Send what is owed; a secondary then asks for prefixes (RFC 8156 section 8.8). */
  flushUpdates(step: Step): void
  /** UPDREQ, or UPDREQALL while a full resync is owed; only once on a connection. */
  requestUpdates(step: Step): void
  /** End RECOVER-WAIT at once where its time is over or was never needed. */
  endRecoverWaitIfDue(step: Step): void
}

export interface StateDefinition {
  readonly name: EndpointState
  readonly policy: StatePolicy
  /** Whether an operator must look when it is entered; `from`: only from these states and without contact. */
  readonly alarm: 'never' | 'always' | { readonly from: readonly EndpointState[] }
  readonly enter?: (endpoint: EnteredEndpoint, step: Step) => void
}

export function defineState(definition: StateDefinition): StateDefinition {
  return definition
}

export function forBoth<T>(value: T): ByRole<T> {
  return { primary: value, secondary: value }
}
