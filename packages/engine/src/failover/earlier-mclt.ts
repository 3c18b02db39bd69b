/** A longer MCLT of before: promises made under it may hold for as long as it allowed, so every wait counts with it until then (decision 0024). */
import type { RelationshipConfiguration } from '../configuration/configuration.ts'
import { addSeconds, latest, type Instant } from '../time/instant.ts'
import type { EndpointRecord } from './endpoint-record.ts'

export interface EarlierMclt {
  readonly seconds: number
  /** When the last promise that can have been made under it is over. */
  readonly until: Instant
}

/** What bounds a promise that was made before `now`: max(acknowledged, now) + MCLT (RFC 8156 section 4.4). */
export interface PromisedBefore {
  readonly now: Instant
  /** The latest lifetime that either partner has acknowledged of any lease; undefined: none. */
  readonly acknowledgedUntil: Instant | undefined
}

/** Agreed upon in CONNECT and CONNECTREPLY. */
export function withAgreedMclt(record: EndpointRecord, mcltSeconds: number, before: PromisedBefore): EndpointRecord {
  if (record.mcltSeconds === mcltSeconds) return record
  return withEarlierMclt({ ...record, mcltSeconds }, record.mcltSeconds, before)
}

/** The partner remembers a longer one, which we may have promised under and then forgotten with our store. */
export function withRememberedMclt(record: EndpointRecord, seconds: number, before: PromisedBefore): EndpointRecord {
  return record.communicated && !record.fullResyncOwed ? record : withEarlierMclt(record, seconds, before)
}

/** Promises may have been made under so long an MCLT until now. */
export function withEarlierMclt(record: EndpointRecord, seconds: number, before: PromisedBefore): EndpointRecord {
  if (seconds <= record.mcltSeconds) return record
  const longest = Math.max(seconds, record.earlierMclt?.seconds ?? 0)
  const until = addSeconds(latest(before.now, before.acknowledgedUntil), longest)
  return { ...record, earlierMclt: { seconds: longest, until: latest(until, record.earlierMclt?.until) } }
}

/** The time of failure is as late as what the partner had acknowledged to us (decision 0030). */
export function withLaterFailure(record: EndpointRecord, now: Instant, acknowledgedUntil: Instant): EndpointRecord {
  const { earlierMclt } = record
  const before = { now, acknowledgedUntil }
  const longest = earlierMclt === undefined ? record : withEarlierMclt(record, earlierMclt.seconds, before)
  return { ...longest, timeOfFailure: acknowledgedUntil }
}

/** While the partner may know the agreed or the configured one, promises may be made under either. */
export function mcltOfNewPromises(record: EndpointRecord, relationship: RelationshipConfiguration): number {
  const { mcltSeconds } = record
  return relationship.role === 'primary' ? Math.max(mcltSeconds, relationship.mcltSeconds) : mcltSeconds
}

/** Said in CONNECT and CONNECTREPLY to a partner that may have lost its store; undefined: that which is agreed there is the longest. */
export function mcltToAnnounce(record: EndpointRecord, relationship: RelationshipConfiguration): number | undefined {
  const agreedNow = relationship.role === 'primary' ? relationship.mcltSeconds : record.mcltSeconds
  const longest = Math.max(mcltOfNewPromises(record, relationship), record.earlierMclt?.seconds ?? 0)
  return longest > agreedNow ? longest : undefined
}

/** A wait that counts from `since`: the longer MCLT adds nothing beyond the time at which all promises under it are over. */
export function endOfWait(since: Instant, mcltSeconds: number, earlier: EarlierMclt | undefined): Instant {
  const endsAt = addSeconds(since, mcltSeconds)
  if (earlier === undefined || earlier.seconds <= mcltSeconds) return endsAt
  const longer = addSeconds(since, earlier.seconds)
  return longer <= earlier.until ? longer : latest(endsAt, earlier.until)
}
