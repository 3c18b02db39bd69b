/** What the engine reports, counted by what it is about; exact, however many there are. */
import type { BindingStatus, LeaseChanged, Notice } from '@tandem/engine'

export type LeaseChange = 'granted' | 'renewed' | 'expired' | 'released' | 'declined' | 'freed' | 'reset'

export interface LeaseChangeCount {
  /** Empty: a lease that lies in no subnet of ours. */
  readonly subnetId: string
  readonly kind: LeaseChanged['leaseKind']
  readonly change: LeaseChange
  readonly cause: LeaseChanged['cause']
  readonly count: number
}

export interface AllocationFailureCount {
  readonly subnetId: string
  readonly kind: LeaseChanged['leaseKind']
  readonly reason: string
  readonly count: number
}

export interface UpdateRejectionCount {
  readonly relationship: string
  readonly by: 'us' | 'partner'
  readonly statusCode: number
  readonly count: number
}

export interface StateChangeCount {
  readonly relationship: string
  readonly from: string
  readonly to: string
  readonly count: number
}

export interface EventCounts {
  readonly leaseChanges: readonly LeaseChangeCount[]
  readonly allocationFailures: readonly AllocationFailureCount[]
  readonly updateRejections: readonly UpdateRejectionCount[]
  readonly stateChanges: readonly StateChangeCount[]
  /** Connections to a partner that were made, lost, refused. */
  readonly connectionChanges: readonly {
    readonly relationship: string
    readonly change: string
    readonly count: number
  }[]
}

export const noEvents: EventCounts = {
  leaseChanges: [],
  allocationFailures: [],
  updateRejections: [],
  stateChanges: [],
  connectionChanges: [],
}

export class EventCounter {
  readonly #leaseChanges = new Tally<Omit<LeaseChangeCount, 'count'>>()
  readonly #allocationFailures = new Tally<Omit<AllocationFailureCount, 'count'>>()
  readonly #updateRejections = new Tally<Omit<UpdateRejectionCount, 'count'>>()
  readonly #stateChanges = new Tally<Omit<StateChangeCount, 'count'>>()
  readonly #connectionChanges = new Tally<{ readonly relationship: string; readonly change: string }>()

  noticed(notice: Notice): void {
    switch (notice.kind) {
      case 'lease-changed': {
        const { subnetId, leaseKind: kind, cause } = notice
        const change = leaseChangeOf(notice.from, notice.to)
        this.#leaseChanges.add(`${subnetId} ${kind} ${change} ${cause}`, () => ({ subnetId, kind, change, cause }))
        break
      }
      case 'allocation-failed': {
        const { subnetId, leaseKind: kind, reason } = notice
        this.#allocationFailures.add(`${subnetId} ${kind} ${reason}`, () => ({ subnetId, kind, reason }))
        break
      }
      case 'update-rejected': {
        const { relationship, by, statusCode } = notice
        this.#updateRejections.add(`${relationship} ${by} ${statusCode}`, () => ({ relationship, by, statusCode }))
        break
      }
      case 'failover-state-changed': {
        const { relationship, from, to } = notice
        this.#stateChanges.add(`${relationship} ${from} ${to}`, () => ({ relationship, from, to }))
        break
      }
      case 'connection-changed': {
        const { relationship = '', change } = notice
        this.#connectionChanges.add(`${relationship} ${change}`, () => ({ relationship, change }))
        break
      }
      case 'clients-unanswered':
      case 'clock-skew-seen':
      case 'datagram-answered':
      case 'datagram-unanswered':
      case 'dns-data-ignored':
      case 'frame-malformed':
      case 'listeners-changed':
      case 'partner-state-changed':
      case 'pool-drain-changed':
      case 'reservations-differ':
      case 'storage-older-than-told':
        // Counted elsewhere, or told by a view.
        break
    }
  }

  read(): EventCounts {
    return {
      leaseChanges: this.#leaseChanges.read(),
      allocationFailures: this.#allocationFailures.read(),
      updateRejections: this.#updateRejections.read(),
      stateChanges: this.#stateChanges.read(),
      connectionChanges: this.#connectionChanges.read(),
    }
  }
}

function leaseChangeOf(from: BindingStatus | undefined, to: BindingStatus): LeaseChange {
  switch (to) {
    case 'ACTIVE':
      return from === 'ACTIVE' ? 'renewed' : 'granted'
    case 'EXPIRED':
      return 'expired'
    case 'RELEASED':
      return 'released'
    case 'ABANDONED':
      return 'declined'
    case 'RESET':
      return 'reset'
    case 'FREE':
    case 'FREE-BACKUP':
      return 'freed'
  }
}

/** Counts under few keys; the values of a key are made once. */
class Tally<Values extends object> {
  readonly #counts = new Map<string, { readonly values: Values; count: number }>()

  add(key: string, values: () => Values): void {
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { values: values(), count: 1 })
    else known.count += 1
  }

  read(): readonly (Values & { readonly count: number })[] {
    return [...this.#counts.values()].map(({ values, count }) => ({ ...values, count }))
  }
}
