/** What one call of the door gathers: changes to commit, outputs to release, notices to tell. */
import { hasBug } from './deliberate-bug.ts'
import { keyOf, type Binding, type BindingKey } from './bindings/binding.ts'
import type { PoolDrain } from './allocation/pool-drains.ts'
import type { BindingTable } from './bindings/binding-table.ts'
import type { Effects, Output, StorageChange } from './effects.ts'
import type { EndpointRecord } from './failover/endpoint-record.ts'
import type { ReservationRecord } from './failover/reservation-agreement.ts'
import type { LeaseChanged, Notice } from './notices.ts'
import type { Instant } from './time/instant.ts'
import { leaseText } from './bindings/lease-text.ts'

export type ChangeCause = LeaseChanged['cause']

/** Causes that the partner has to be told of; the others come from the partner or tell it by themselves. */
const announcedCauses: ReadonlySet<ChangeCause> = new Set(['client', 'expiry', 'operator'])

export class Step {
  readonly now: Instant
  readonly #table: BindingTable
  readonly #bindings = new Map<BindingKey, Binding>()
  readonly #endpoints = new Map<string, EndpointRecord>()
  readonly #reservations = new Map<string, ReservationRecord>()
  #drains: readonly PoolDrain[] | undefined
  readonly #records: StorageChange[] = []
  readonly #outputs: Output[] = []
  readonly #notices: Notice[] = []
  readonly #toAnnounce = new Set<BindingKey>()

  constructor(now: Instant, table: BindingTable) {
    this.now = now
    this.#table = table
  }

  /** The one way to change a lease: table, commit and notice together. */
  changeBinding(binding: Binding, cause: ChangeCause): void {
    const key = keyOf(binding)
    const before = this.#table.get(key)
    this.#table.put(binding)
    this.#bindings.set(key, binding)
    if (announcedCauses.has(cause)) this.#toAnnounce.add(key)
    if (before?.status !== binding.status || before.client?.duid !== binding.client?.duid) {
      this.#notices.push({
        kind: 'lease-changed',
        leaseKind: binding.kind,
        lease: leaseText(binding),
        subnetId: binding.subnetId,
        clientDuid: binding.client?.duid,
        from: before?.status,
        to: binding.status,
        expiresAt: binding.statusExpiresAt,
        cause,
      })
    }
  }

  /** Leases changed here since the last call; the engine hands them to their endpoint. */
  takeToAnnounce(): readonly Binding[] {
    const changed: Binding[] = []
    for (const key of this.#toAnnounce) {
      const binding = this.#table.get(key)
      if (binding !== undefined) changed.push(binding)
    }
    this.#toAnnounce.clear()
    return changed
  }

  putEndpoint(endpoint: EndpointRecord): void {
    this.#endpoints.set(endpoint.relationship, endpoint)
  }

  putReservations(reservations: ReservationRecord): void {
    this.#reservations.set(reservations.relationship, reservations)
  }

  putDrains(drains: readonly PoolDrain[]): void {
    this.#drains = drains
  }

  addRecord(change: Extract<StorageChange, { kind: 'transition-added' | 'audit-added' }>): void {
    this.#records.push(change)
  }

  output(output: Output): void {
    this.#outputs.push(output)
  }

  notice(notice: Notice): void {
    this.#notices.push(notice)
  }

  effects(): Effects {
    const commit: StorageChange[] = []
    for (const binding of this.#bindings.values()) {
      if (!hasBug('grant-not-committed') || binding.status !== 'ACTIVE') commit.push({ kind: 'binding-put', binding })
    }
    for (const endpoint of this.#endpoints.values()) commit.push({ kind: 'endpoint-put', endpoint })
    for (const reservations of this.#reservations.values()) commit.push({ kind: 'reservations-put', reservations })
    if (this.#drains !== undefined) commit.push({ kind: 'drains-put', drains: this.#drains })
    for (const record of this.#records) commit.push(record)
    return { commit, afterCommit: this.#outputs, notices: this.#notices }
  }
}
