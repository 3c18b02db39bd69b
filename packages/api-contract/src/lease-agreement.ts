/**
 * What the two servers are to have alike of a lease (RFC 8156 section 7.3), in one place: the open lease is compared by it part
 * by part, and lists by hashes of it (decision 0116). Ends, lifetimes and when a client was heard are each one's own.
 */
import type { Lease, PartnerLeaseRecord } from './resources/leases.ts'

/** The last two are mirrored: what one counts on is what the other has acknowledged. */
export type ComparedPart = 'state' | 'client' | 'acknowledged' | 'acknowledged-by-the-other'

/** Another number whenever the same record gives other texts: hashes of other rules are not compared. */
export const AGREEMENT_RULES = 2

export interface LeaseAgreement {
  /** State and client. */
  readonly agreed: string
  /** What this server counts on, since the partner acknowledged it; null: on nothing. */
  readonly countsOn: string | null
  /** What this server acknowledged to the partner. */
  readonly acknowledged: string | null
}

export type AgreedRecord = Pick<Lease, 'state' | 'client' | 'ackedPartnerLifetime' | 'expirationTime'>

export function agreementOf({ state, client, ackedPartnerLifetime, expirationTime }: AgreedRecord): LeaseAgreement {
  return {
    agreed: `${state} ${clientText(state, client)}`,
    countsOn: promiseText(ackedPartnerLifetime),
    acknowledged: promiseText(expirationTime),
  }
}

export function agreementsDiffer(own: LeaseAgreement, partner: LeaseAgreement): boolean {
  return (
    own.agreed !== partner.agreed ||
    isUnfounded(own.countsOn, partner.acknowledged) ||
    isUnfounded(partner.countsOn, own.acknowledged)
  )
}

/** What the partner did not say does not differ. */
export function partDiffers(part: ComparedPart, own: AgreedRecord, partner: PartnerLeaseRecord): boolean {
  switch (part) {
    case 'state':
      return partner.state !== undefined && partner.state !== own.state
    case 'client':
      if (partner.client === undefined) return false
      return clientText(own.state, own.client) !== clientText(partner.state ?? own.state, partner.client)
    case 'acknowledged':
      if (partner.expirationTime === undefined) return false
      return isUnfounded(promiseText(own.ackedPartnerLifetime), promiseText(partner.expirationTime))
    case 'acknowledged-by-the-other':
      if (partner.ackedPartnerLifetime === undefined) return false
      return isUnfounded(promiseText(partner.ackedPartnerLifetime), promiseText(own.expirationTime))
  }
}

/**
 * A free address without a client is not told (digest A21): that nobody holds it, and that it is the primary's where an owner
 * matters, is what the partner takes for granted where it has no record at all.
 */
export function needsNoRecord({ kind, state, client }: Pick<Lease, 'kind' | 'state' | 'client'>): boolean {
  return kind === 'address' && state === 'free' && client === null
}

/**
 * Whether the partner may be told of a lease again: only where that makes it more careful. Of two clients that both are on record
 * the secondary's yields whoever was heard last, so that telling it could take a lease from the client that has it; and that
 * a lease is over here is no news for a partner that has it in use. `partner` null: it has no record.
 */
export function mayBeToldAgain(own: AgreedRecord, partner: PartnerLeaseRecord | null): boolean {
  if (partner === null) return true
  const { state, client } = partner
  if (state === undefined || client === undefined) return false
  const isSameClient = clientText(own.state, own.client) === clientText(state, client)
  return isInUse(own.state) ? isSameClient || !isInUse(state) : own.state === state && isSameClient
}

function isInUse(state: Lease['state']): boolean {
  return state === 'active' || state === 'abandoned'
}

/** Who counts on nothing is never wrong: a server that lost its store knows no acknowledgement of its partner any more. */
function isUnfounded(countedOn: string | null, acknowledged: string | null): boolean {
  return countedOn !== null && countedOn !== acknowledged
}

/** Who had a lease last that anybody may get now is each one's own memory. */
function clientText(state: Lease['state'], client: Lease['client']): string {
  return client === null || isAvailable(state) ? 'nobody' : `${client.duid} ${client.iaType} ${client.iaid}`
}

function isAvailable(state: Lease['state']): boolean {
  return state === 'free' || state === 'free-backup'
}

/** On the wire these times are whole seconds. */
function promiseText(at: string | null): string | null {
  return at === null ? null : String(Math.floor(Date.parse(at) / 1_000))
}
