/** What a start knows of the time before it: previous state, time of failure, last promise (RFC 8156 section 8.3.2). */
import { hasBug } from '../deliberate-bug.ts'
import type { RelationshipConfiguration, Role } from '../configuration/configuration.ts'
import { earliest, type Instant } from '../time/instant.ts'
import type { EndpointRecord, PartnerRecord, RecordedState } from './endpoint-record.ts'
import type { Why } from './machine-host.ts'
import { mayPromise } from './states/state-table.ts'
import { resumeStateOf } from './transitions/contact-transitions.ts'

export interface RunFacts {
  /** Last time this server certainly ran, and could make a promise. */
  readonly lastCommitAt: Instant | undefined
  /** Time after which it cannot have been running. */
  readonly ranUntil: Instant | undefined
}

export interface StartFacts extends RunFacts {
  readonly startedAt: Instant
}

/** The record to begin with. Nothing stored: RECOVER for both roles, since an empty disk may be a lost one (digest A6). */
export function startupRecord(
  relationship: RelationshipConfiguration,
  restored: EndpointRecord | undefined,
  facts: StartFacts,
): EndpointRecord {
  if (restored === undefined) {
    return {
      relationship: relationship.name,
      state: 'RECOVER',
      previousState: undefined,
      stateSince: facts.startedAt,
      partner: undefined,
      lastHeardFromPartnerAt: undefined,
      inContact: false,
      partnerStoppedAt: undefined,
      communicated: false,
      mcltSeconds: relationship.mcltSeconds,
      earlierMclt: undefined,
      fullResyncOwed: false,
      // Whatever was lost, it was lost before this start (digest A28).
      timeOfFailure: facts.startedAt,
      lastPromiseAt: undefined,
      handedOver: undefined,
    }
  }
  // A partner that was heard goes on with the MCLT that it knows, until CONNECT has told it another.
  const isAgreed = relationship.role === 'secondary' || restored.communicated
  const mcltSeconds = isAgreed ? restored.mcltSeconds : relationship.mcltSeconds
  const lastHeardFromPartnerAt = lastHeardBefore(restored, facts)
  const resumed = { ...restored, mcltSeconds, lastHeardFromPartnerAt, inContact: false }
  return beginStartup(resumed, relationship.role, facts)
}

/** In contact until it stopped, this server may have heard the partner up to then. */
export function lastHeardBefore(
  restored: EndpointRecord | undefined,
  { ranUntil, startedAt }: StartFacts,
): Instant | undefined {
  if (restored === undefined) return undefined
  return restored.inContact && ranUntil !== undefined ? earliest(ranUntil, startedAt) : restored.lastHeardFromPartnerAt
}

/**
 * Marks where the promises of the time before ended. `lastPromiseAt` is set exactly while none can be made, so a
 * start that is itself cut short does not move the mark (digest A33).
 */
export function beginStartup(record: EndpointRecord, role: Role, facts: RunFacts): EndpointRecord {
  const couldPromise = mayPromise(record.state, role) && record.lastPromiseAt === undefined
  if (!couldPromise || hasBug('time-of-failure-forgotten')) return record
  return { ...record, lastPromiseAt: facts.lastCommitAt, timeOfFailure: facts.ranUntil ?? record.timeOfFailure }
}

/** The partner is in PARTNER-DOWN: did it go on alone after our last promise (RFC 8156 section 8.3.2 step 5)? */
export function resumeAfterStartup(record: EndpointRecord, partner: PartnerRecord): RecordedState {
  const resumed = resumeStateOf(record.state)
  // Both went on alone: both may have granted (digest A31). A recovery goes on (digest A33).
  if (resumed === 'PARTNER-DOWN' || resumed === 'RECOVER' || resumed === 'RECOVER-WAIT') return resumed
  const heardBefore = record.partner
  const isSameOutage = heardBefore?.state === 'PARTNER-DOWN' && heardBefore.since === partner.since
  if (resumed === 'RECOVER-DONE' && isSameOutage) return resumed
  if (record.lastPromiseAt === undefined || partner.since > record.lastPromiseAt) return 'RECOVER'
  return 'POTENTIAL-CONFLICT'
}

/** Where the start-up time leads to that ends without the partner, and why (RFC 8156 section 8.3.2). */
export function afterStartupAlone(
  record: EndpointRecord,
  { startupSeconds, initialState }: RelationshipConfiguration,
): Why & { readonly to: RecordedState } {
  // Nothing was ever heard, and nothing promised since whatever was lost.
  const hasNoMemory = record.state === 'RECOVER' && !record.communicated
  const to = hasNoMemory && initialState === 'partner-down' ? 'PARTNER-DOWN' : resumeStateOf(record.state)
  const cause =
    hasNoMemory && to === 'RECOVER' ? waitsForFirstContact : 'The partner was not heard within the start-up time.'
  return { to, cause, rule: 'RFC 8156 8.3.2', inputs: { startupSeconds, initialState } }
}

/** Why an endpoint without any memory answers nobody (digest A6). */
const waitsForFirstContact =
  'The partner was not heard within the start-up time, and nothing is remembered of it: an empty store may be a lost one, ' +
  'so this server answers nobody until it has met its partner. If the partner does not exist yet, declare it down, or ' +
  'start this server with initialState: partner-down.'
