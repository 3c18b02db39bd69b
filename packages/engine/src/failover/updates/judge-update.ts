/** Judges one received lease against our record: times, ties and repeats (RFC 8156 sections 7.5.1 and 7.5.4, decision 0021). */
import { hasBug } from '../../deliberate-bug.ts'
import { StatusCode } from '@tandem/protocol'
import type { Binding } from '../../bindings/binding.ts'
import { sameClient } from '../../bindings/binding-table.ts'
import type { Role } from '../../configuration/configuration.ts'
import type { Instant } from '../../time/instant.ts'
import { availableStatus, isAvailable, isEnded } from './available-status.ts'
import { columnOf, conflictTable, rowOf, type Comparison } from './conflict-table.ts'
import type { Refusal, ToldLease } from './read-update.ts'
import { SAME_TIME_SECONDS, sameSecond, wholeSeconds } from './wire-time.ts'

export type Verdict =
  | { readonly verdict: 'take' }
  /** We hold exactly this already: acknowledge, change nothing. */
  | { readonly verdict: 'repeat' }
  | { readonly verdict: 'refuse'; readonly refusal: Refusal }

const take: Verdict = { verdict: 'take' }

export function judgeUpdate(
  local: Binding | undefined,
  told: ToldLease,
  now: Instant,
  role: Role,
  isShared = told.kind === 'prefix',
): Verdict {
  if (local === undefined) return take
  if (isRepeat(local, told, isShared)) return { verdict: 'repeat' }
  if (isGrantFromOwnPart(local, told, now, role)) return take
  return judgeBy(conflictTable[rowOf(local.status)][columnOf(told.status)], local, told, now, role)
}

/** BNDUPD time of RFC 8156 section 7.5.4. */
export function updateTime(told: ToldLease): Instant {
  const heard = told.clientHeardAt
  if (heard === undefined) return told.statusSince
  if (told.status === 'ACTIVE' || told.status === 'EXPIRED' || told.status === 'RELEASED') return heard
  return heard > told.statusSince ? heard : told.statusSince
}

/** Local time value of RFC 8156 section 7.5.4. */
export function localTime(local: Binding): Instant {
  return local.clientHeardAt ?? local.statusSince
}

function judgeBy(comparison: Comparison, local: Binding, told: ToldLease, now: Instant, role: Role): Verdict {
  switch (comparison) {
    case 'unless-outdated':
      return isOutdated(local, told, now) ? outdated('our record is newer') : take
    case 'if-run-out':
      return hasRunOut(local, now) ? take : outdated('the lease has not run out here')
    case 'if-client-heard-since':
      if (clientHeardSince(local, told) || mayBePromisedSince(local, told)) return take
      return outdated('the client was not heard since')
    case 'if-client-yields':
      if (isForSameClient(local, told)) return isOutdated(local, told, now) ? outdated('our record is newer') : take
      if (!hasBug('conflict-decided-alike') && (clientHeardSince(local, told) || role === 'secondary')) return take
      if (isOurForgottenWord(local, told)) return take
      return {
        verdict: 'refuse',
        refusal: { statusCode: StatusCode.AddressInUse, text: 'leased to another client here' },
      }
  }
}

/**
 * An available lease of the partner's that is tied to nobody: the time of its status is that of a gift, and no time at which a
 * client was heard. A server that lost its store may have made the gift after the grant, of which it knew no more.
 */
function isGrantFromOwnPart(local: Binding, told: ToldLease, now: Instant, role: Role): boolean {
  if (local.client !== undefined || local.status !== (role === 'primary' ? 'FREE-BACKUP' : 'FREE')) return false
  return told.status === 'ACTIVE' && (told.statusExpiresAt === undefined || told.statusExpiresAt > now)
}

/** Five seconds decide; nearer times are a tie, which must fall the same way on both servers (digest A9, A10). */
function isOutdated(local: Binding, told: ToldLease, now: Instant): boolean {
  if (hasBug('outdated-update-accepted')) return false
  const isOver = told.statusExpiresAt !== undefined && told.statusExpiresAt <= now
  const isEndless = told.statusExpiresAt === undefined
  // Our end of what the partner repeats is not undone by the repetition: else each would answer the other for ever.
  if (isRepetitionOfEnded(local, told)) return isOver || isEndless
  // An end that only time brought says nothing about a client of whom the partner has heard since we did. That its lease is over
  // as well is for both to record before it goes to anybody: the partner may be renewing it now.
  if (isGrantUnknownAtEnd(local, told)) return isEndless
  // Nor does the end of one client's lease say anything about another client's that lasts.
  if (isPromiseToAnother(local, told) && !isOver) return isEndless
  const aheadSeconds = wholeSeconds(updateTime(told)) - wholeSeconds(localTime(local))
  if (aheadSeconds > SAME_TIME_SECONDS) return false
  if (aheadSeconds < -SAME_TIME_SECONDS) return true
  return told.status === 'ACTIVE'
    ? tieAgainstLease(local, told, aheadSeconds, now)
    : tieAgainstEnd(local, told, aheadSeconds)
}

/** EXPIRED here, by a clock that is ahead, and told as ACTIVE with the last word of the client that we knew already. */
function isRepetitionOfEnded(local: Binding, told: ToldLease): boolean {
  return (
    local.status === 'EXPIRED' &&
    told.status === 'ACTIVE' &&
    told.clientHeardAt !== undefined &&
    isForSameClient(local, told) &&
    sameSecond(local.partnerHeardClientAt, told.clientHeardAt)
  )
}

/**
 * We have never answered the client on record and ended its lease when the last word that we had of it ran out, while the
 * partner had heard a client later, be it another one: it has a REPLY, and ours has nothing. The moment of that end is no
 * time at which anybody was heard, and must not be compared with one.
 */
function isGrantUnknownAtEnd(local: Binding, told: ToldLease): boolean {
  if (local.clientHeardAt !== undefined || local.partnerHeardClientAt === undefined) return false
  return (
    (local.status === 'EXPIRED' || isAvailable(local.status)) &&
    told.status === 'ACTIVE' &&
    told.clientHeardAt !== undefined &&
    wholeSeconds(told.clientHeardAt) - wholeSeconds(local.partnerHeardClientAt) > SAME_TIME_SECONDS
  )
}

/**
 * Both gave the lease away while each served alone, we the later, and ours has ended: the partner's client still uses it, and
 * ours does not. When either was heard says nothing about that.
 */
function isPromiseToAnother(local: Binding, told: ToldLease): boolean {
  return (
    (local.status === 'EXPIRED' || isAvailable(local.status)) &&
    told.status === 'ACTIVE' &&
    told.client !== undefined &&
    local.client !== undefined &&
    !sameClient(local.client, told.client)
  )
}

/** Within the window, does our record stand against a lease that the partner has in use? */
function tieAgainstLease(local: Binding, told: ToldLease, aheadSeconds: number, now: Instant): boolean {
  switch (local.status) {
    case 'ACTIVE':
      // A copy that came from the partner yields to its next word; of two own ones the longer lease is the safer.
      if (!heardByUsLast(local)) return false
      return secondsOf(told.statusExpiresAt) < secondsOf(local.statusExpiresAt)
    case 'FREE':
    case 'FREE-BACKUP':
      // Only the owner could lease it, and it has.
      return false
    case 'EXPIRED':
      return told.statusExpiresAt === undefined || told.statusExpiresAt <= now
    case 'RELEASED':
      if (isPartnersOwnPromise(told)) return false
      return isForSameClient(local, told) ? aheadSeconds <= 0 : aheadSeconds < 0
    case 'RESET':
    case 'ABANDONED':
      return aheadSeconds <= 0
  }
}

/** Within the window, does our record stand against the end of a lease? The mirror of the above. */
function tieAgainstEnd(local: Binding, told: ToldLease, aheadSeconds: number): boolean {
  // Whatever the end before it was, somebody has found the address in use since; only an operator ends that (decision 0073).
  if (local.status === 'ABANDONED') return told.status !== 'RESET' && told.status !== 'ABANDONED'
  if (local.status !== 'ACTIVE') return false
  // We may have given the lease after that end, to its client or, if our acknowledgement was lost, to another one: that
  // one has our REPLY, and nobody else may get the lease.
  if ((told.status === 'RELEASED' || told.status === 'RESET') && heardByUsLast(local)) return true
  return told.client === undefined || isForSameClient(local, told) ? aheadSeconds < 0 : aheadSeconds <= 0
}

function hasRunOut(local: Binding, now: Instant): boolean {
  return local.statusExpiresAt !== undefined && now >= local.statusExpiresAt
}

function clientHeardSince(local: Binding, told: ToldLease): boolean {
  return told.clientHeardAt !== undefined && wholeSeconds(told.clientHeardAt) > wholeSeconds(local.statusSince)
}

/**
 * The partner has it from us that the lease went to this other client, later than anything on our record: the record comes from
 * an older copy of the store, and its client had left before we gave the lease anew. Both times are of our clock: no skew to allow for.
 */
function isOurForgottenWord(local: Binding, { partnerRawCltTime }: ToldLease): boolean {
  return partnerRawCltTime !== undefined && wholeSeconds(partnerRawCltTime) > wholeSeconds(localTime(local))
}

/** The partner may have learnt of our end, and given the lease anew, by a clock that is behind; its client has its REPLY. */
function mayBePromisedSince(local: Binding, told: ToldLease): boolean {
  if (told.clientHeardAt === undefined || !isPartnersOwnPromise(told)) return false
  return wholeSeconds(told.clientHeardAt) - wholeSeconds(local.statusSince) >= -SAME_TIME_SECONDS
}

function heardByUsLast(local: Binding): boolean {
  if (local.clientHeardAt === undefined) return false
  return local.partnerHeardClientAt === undefined || local.clientHeardAt > local.partnerHeardClientAt
}

/** The mirror of `heardByUsLast`: the partner has given this lease by itself and does not merely repeat what we told. */
function isPartnersOwnPromise({ clientHeardAt, partnerRawCltTime }: ToldLease): boolean {
  if (clientHeardAt === undefined) return false
  return partnerRawCltTime === undefined || wholeSeconds(clientHeardAt) >= wholeSeconds(partnerRawCltTime)
}

function isForSameClient(local: Binding, told: ToldLease): boolean {
  if (local.client === undefined || told.client === undefined) return local.client === told.client
  return sameClient(local.client, told.client)
}

/** An update that is sent again after its answer was lost is not later, and must be taken all the same (digest A30). */
function isRepeat(local: Binding, told: ToldLease, isShared: boolean): boolean {
  if (!isForSameClient(local, told) || !sameSecond(local.statusSince, told.statusSince)) return false
  if (isEnded(told.status) && isAvailable(local.status)) {
    // We took its end and passed through PENDING-FREE.
    return local.status === availableStatus(told.kind, told.prefix, isShared)
  }
  if (local.status !== told.status || !sameSecond(local.statusExpiresAt, told.statusExpiresAt)) return false
  if (told.partnerLifetime !== undefined && !sameSecond(local.expirationTime, told.partnerLifetime)) return false
  return told.clientHeardAt === undefined || sameSecond(local.partnerHeardClientAt, told.clientHeardAt)
}

function secondsOf(at: Instant | undefined): number {
  return at === undefined ? 0 : wholeSeconds(at)
}

function outdated(text: string): Verdict {
  return { verdict: 'refuse', refusal: { statusCode: StatusCode.OutdatedBindingInformation, text } }
}
