/** The table of leases and its indexes: by lease, by client, by expiry, by what the partner is owed. */
import type { Duid } from '@tandem/protocol'
import type { Instant } from '../time/instant.ts'
import { keyOf, type Binding, type BindingKey, type IaType } from './binding.ts'
import { ExpiryQueue } from './expiry-queue.ts'

/** Told of every change, after it: pools keep their counts this way. */
export type BindingObserver = (before: Binding | undefined, after: Binding) => void

export class BindingTable {
  readonly #byKey = new Map<BindingKey, Binding>()
  readonly #byClient = new Map<string, Set<BindingKey>>()
  readonly #owed = new Map<string, Set<BindingKey>>()
  readonly #expiry = new ExpiryQueue()
  readonly #observers: BindingObserver[] = []
  readonly #expiresAt: (binding: Binding) => Instant | undefined

  /** `expiresAt`: when this server has to look at the lease again; undefined: never by itself. */
  constructor(expiresAt: (binding: Binding) => Instant | undefined) {
    this.#expiresAt = expiresAt
  }

  observe(observer: BindingObserver): void {
    this.#observers.push(observer)
    for (const binding of this.#byKey.values()) observer(undefined, binding)
  }

  get size(): number {
    return this.#byKey.size
  }

  get(key: BindingKey): Binding | undefined {
    return this.#byKey.get(key)
  }

  put(binding: Binding): void {
    const key = keyOf(binding)
    const before = this.#byKey.get(key)
    this.#byKey.set(key, binding)
    this.#indexClient(key, before, binding)
    this.#indexOwed(key, before, binding)
    this.reschedule(binding)
    for (const observer of this.#observers) observer(before, binding)
  }

  /** Ask again when the lease is due; called when a state change moved the answer. */
  reschedule(binding: Binding): void {
    this.#expiry.set(keyOf(binding), this.#expiresAt(binding))
  }

  /** Look at it again at `at`, whatever it says itself. */
  postpone(binding: Binding, at: Instant): void {
    this.#expiry.set(keyOf(binding), at)
  }

  rescheduleAll(): void {
    for (const binding of this.#byKey.values()) this.reschedule(binding)
  }

  /** Leases last tied to this IA of this client, in any status. */
  ofClient(duid: Duid, iaType: IaType, iaid: number): readonly Binding[] {
    return this.#collect(this.#byClient.get(clientKey(duid, iaType, iaid)))
  }

  owedCount(relationship: string): number {
    return this.#owed.get(relationship)?.size ?? 0
  }

  /** What the partner has still to be told, longest owed first. */
  *owedTo(relationship: string): Generator<Binding> {
    for (const key of this.#owed.get(relationship) ?? []) {
      const binding = this.#byKey.get(key)
      if (binding !== undefined) yield binding
    }
  }

  *all(): Generator<Binding> {
    yield* this.#byKey.values()
  }

  nextDue(): Instant | undefined {
    return this.#expiry.nextDue()
  }

  /** Takes at most `atMost` leases that are due; each must be changed or rescheduled by the caller. */
  takeDue(now: Instant, atMost: number): readonly Binding[] {
    return this.#collect(this.#expiry.takeDue(now, atMost))
  }

  #collect(keys: Iterable<BindingKey> | undefined): readonly Binding[] {
    const found: Binding[] = []
    for (const key of keys ?? []) {
      const binding = this.#byKey.get(key)
      if (binding !== undefined) found.push(binding)
    }
    return found
  }

  #indexClient(key: BindingKey, before: Binding | undefined, after: Binding): void {
    const old = before?.client
    const now = after.client
    if (old !== undefined && (now === undefined || !sameClient(old, now))) {
      const oldKey = clientKey(old.duid, old.iaType, old.iaid)
      const keys = this.#byClient.get(oldKey)
      keys?.delete(key)
      if (keys?.size === 0) this.#byClient.delete(oldKey)
    }
    if (now !== undefined) addTo(this.#byClient, clientKey(now.duid, now.iaType, now.iaid), key)
  }

  #indexOwed(key: BindingKey, before: Binding | undefined, after: Binding): void {
    const owedBefore = before?.owedToPartner === true ? before.relationship : undefined
    const owedAfter = after.owedToPartner ? after.relationship : undefined
    if (owedBefore === owedAfter) return
    if (owedBefore !== undefined) this.#owed.get(owedBefore)?.delete(key)
    if (owedAfter !== undefined) addTo(this.#owed, owedAfter, key)
  }
}

function clientKey(duid: Duid, iaType: IaType, iaid: number): string {
  return `${duid}/${iaType}/${iaid}`
}

export function sameClient(a: NonNullable<Binding['client']>, b: NonNullable<Binding['client']>): boolean {
  return a.duid === b.duid && a.iaType === b.iaType && a.iaid === b.iaid
}

function addTo<K>(index: Map<K, Set<BindingKey>>, at: K, key: BindingKey): void {
  const keys = index.get(at)
  if (keys === undefined) index.set(at, new Set([key]))
  else keys.add(key)
}
