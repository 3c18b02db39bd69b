/** Whether both partners keep the same leases for the same clients, and what a cancelled reservation leaves behind (docs/decisions/0075). */
import { formatIpv6Prefix, parseDuid, parseIpv6Prefix, type Duid, type Ipv6Prefix } from '@tandem/protocol'
import type { Pools } from '../allocation/pools.ts'
import { type Binding, type LeaseKind } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { Role } from '../configuration/configuration.ts'
import type { Step } from '../step.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { digestOf } from './text-digest.ts'
import { isAvailable } from './updates/available-status.ts'

/** What an endpoint keeps of reservations on stable storage. */
export interface ReservationRecord {
  readonly relationship: string
  /** Those that this server has honoured so far, one a line: what the configuration drops is seen at the next start. */
  readonly honoured: string
  /** Digest of the reservations that the partner announced last, if they were ours. */
  readonly agreed: string | undefined
  /** Digest of the proportional address pools under which this server has given leases last (decision 0078). */
  readonly sharedAddresses: string | undefined
}

export interface AgreementOptions {
  readonly relationship: string
  readonly role: Role
  readonly pools: Pools
  readonly table: BindingTable
  readonly restored: ReservationRecord | undefined
  /** The endpoint has never run. */
  readonly isFirstStart: boolean
  /** Digest of the proportional address pools of the configuration. */
  readonly sharedAddresses: string | undefined
  readonly mcltSeconds: () => number
}

interface KeptLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly duid: Duid
  readonly iaid: number | undefined
}

/** Bounds what a promise and the clocks may be off by, beyond MCLT (RFC 8156 section 7.1). */
const CLOCK_MARGIN_SECONDS = 10

export class ReservationAgreement {
  readonly #options: AgreementOptions
  readonly #own: readonly KeptLease[]
  readonly #text: string
  readonly #digest: string | undefined
  #record: ReservationRecord

  constructor(options: AgreementOptions) {
    this.#options = options
    const { relationship, pools, restored } = options
    this.#own = pools.reservations.ofRelationship(relationship)
    this.#text = this.#own.map(lineOf).toSorted().join('\n')
    this.#digest = this.#own.length === 0 ? undefined : digestOf(this.#text)
    // A server that has run without such a record had no proportional pool.
    const { isFirstStart, sharedAddresses } = options
    const before = {
      honoured: this.#text,
      agreed: undefined,
      sharedAddresses: isFirstStart ? sharedAddresses : undefined,
    }
    this.#record = restored ?? { relationship, ...before }
  }

  get record(): ReservationRecord {
    return this.#record
  }

  /**
   * The partner keeps the same leases for the same clients, so each of them may be given to its client by either server.
   * It knew of every other client's lease when it said so, and gives none of them to anybody else since.
   */
  get isAgreed(): boolean {
    return this.#digest !== undefined && this.#record.agreed === this.#digest
  }

  /**
   * False after a change of which address pools are proportional, until it is certain that no lease of the partner from
   * what was its own before is still untold. Until then nothing new is given.
   */
  get isSharingSettled(): boolean {
    return this.#record.sharedAddresses === this.#options.sharedAddresses
  }

  /** Everything that the partner had given before has been told, or has run out. */
  settleSharing(step: Step): void {
    if (this.isSharingSettled) return
    this.#put(step, { ...this.#record, sharedAddresses: this.#options.sharedAddresses })
  }

  /** Undefined: nothing is reserved, or the partner may not rely upon it yet. */
  announcement(): string | undefined {
    return this.#own.some((kept) => this.#isLeasedUnknownToPartner(kept)) ? undefined : this.#digest
  }

  /** Before the first other thing of a start: what is no longer reserved is not free before the partner has agreed. */
  begin(step: Step): void {
    // What is in use here for the first time has to be on record, to be told from a change at the next start.
    const isNew = this.#options.restored === undefined
    const isUsed = this.#digest !== undefined || this.#options.sharedAddresses !== undefined
    if (isNew && isUsed) this.#put(step, this.#record)
    if (this.#record.honoured === this.#text) return
    const kept = new Set(this.#text.split('\n'))
    for (const line of this.#record.honoured.split('\n')) {
      const cancelled = kept.has(line) ? undefined : parseLine(line)
      if (cancelled !== undefined) this.#withdraw(step, cancelled)
    }
    this.#put(step, { ...this.#record, honoured: this.#text })
  }

  /** CONNECT or CONNECTREPLY of the partner. */
  partnerAnnounced(step: Step, digest: string | undefined): void {
    const agreed = digest !== undefined && digest === this.#digest ? digest : undefined
    if (agreed !== this.#record.agreed) this.#put(step, { ...this.#record, agreed })
    const isBare = digest === undefined && this.#digest === undefined
    if (agreed === undefined && !isBare)
      step.notice({ kind: 'reservations-differ', relationship: this.#options.relationship })
  }

  /** Another client holds it, and the partner has never acknowledged that. */
  #isLeasedUnknownToPartner({ kind, prefix, duid, iaid }: KeptLease): boolean {
    const record = this.#options.table.find(kind, prefix)
    if (record?.status !== 'ACTIVE' || record.ackedPartnerLifetime !== undefined || !record.owedToPartner) return false
    return record.client?.duid !== duid || (iaid !== undefined && record.client.iaid !== iaid)
  }

  /**
   * The partner may have given it to its client without our knowing. It becomes EXPIRED: the partner refuses that where
   * the lease is in use and tells us of it, and agrees where it is not. Then it is as free as any other.
   */
  #withdraw(step: Step, cancelled: KeptLease): void {
    const { table, pools, relationship, role } = this.#options
    const record = table.find(cancelled.kind, cancelled.prefix)
    const pool = pools.find(cancelled.kind, cancelled.prefix)
    if (pool?.subnet.relationship !== relationship || pool.ownerOf(cancelled.prefix) !== role) return
    if (record !== undefined && !isAvailable(record.status)) return
    // Older than any grant that the partner may not have told: such a lease lasts MCLT from the last word of its client.
    const since = addSeconds(step.now, -this.#options.mcltSeconds() - CLOCK_MARGIN_SECONDS)
    const unused = record ?? neverLeased(cancelled, pool.subnet.id, relationship, since)
    const client = record?.client ?? clientOf(cancelled)
    step.changeBinding({ ...unused, client, status: 'EXPIRED', updateSent: false }, 'operator')
  }

  #put(step: Step, record: ReservationRecord): void {
    this.#record = record
    step.putReservations(record)
  }
}

function clientOf({ kind, duid, iaid }: KeptLease): NonNullable<Binding['client']> {
  return { duid, iaType: kind === 'address' ? 'IA_NA' : 'IA_PD', iaid: iaid ?? 0 }
}

function neverLeased(
  { kind, prefix }: KeptLease,
  subnetId: string,
  relationship: string,
  statusSince: Instant,
): Omit<Binding, 'status' | 'client' | 'updateSent'> {
  return {
    kind,
    prefix,
    subnetId,
    relationship,
    statusSince,
    statusExpiresAt: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

function lineOf({ kind, prefix, duid, iaid }: KeptLease): string {
  return `${kind} ${formatIpv6Prefix(prefix)} ${duid} ${iaid ?? 'any'}`
}

/** Undefined for what no server of ours has written. */
function parseLine(line: string): KeptLease | undefined {
  const [kind, prefixText = '', duidText = '', iaid] = line.split(' ')
  const prefix = parseIpv6Prefix(prefixText)
  const duid = parseDuid(duidText)
  if ((kind !== 'address' && kind !== 'prefix') || prefix === undefined || duid === undefined) return undefined
  return { kind, prefix, duid, iaid: iaid === 'any' ? undefined : Number(iaid) }
}
