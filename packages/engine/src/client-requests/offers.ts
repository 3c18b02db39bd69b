/** Which leases were advertised a moment ago (RFC 9915 §18.3.9): a preference in memory, never a promise. */
import { bindingKey, type BindingClient, type BindingKey } from '../bindings/binding.ts'
import { addMs, type Instant } from '../time/instant.ts'
import type { NamedLease } from './client-request.ts'

/** Long enough for a client to collect advertisements and send its REQUEST. */
const OFFER_LASTS_MS = 10_000
const OFFERS_MAX = 32_768

interface Offer {
  readonly lease: NamedLease
  readonly leaseKey: BindingKey
  readonly clientKey: string
  readonly until: Instant
}

/** Bounded, with the oldest offer forgotten first: whoever floods it only makes clients get another lease. */
export class Offers {
  /** In order of expiry, since all offers last equally long. */
  readonly #byLease = new Map<BindingKey, Offer>()
  readonly #byClient = new Map<string, Offer>()

  /** A lease under offer to another client stays so. */
  add(lease: NamedLease, client: BindingClient, now: Instant): void {
    this.#dropOutdated(now)
    const leaseKey = bindingKey(lease.kind, lease.prefix)
    const clientKey = keyOfClient(client)
    if (this.isForAnother(leaseKey, client, now)) return
    const before = this.#byClient.get(clientKey)
    if (before !== undefined) this.#drop(before)
    const offer = { lease, leaseKey, clientKey, until: addMs(now, OFFER_LASTS_MS) }
    this.#byLease.set(leaseKey, offer)
    this.#byClient.set(clientKey, offer)
    if (this.#byLease.size > OFFERS_MAX) this.#dropOldest()
  }

  to(client: BindingClient, now: Instant): NamedLease | undefined {
    const offer = this.#byClient.get(keyOfClient(client))
    return offer !== undefined && offer.until > now ? offer.lease : undefined
  }

  isForAnother(leaseKey: BindingKey, client: BindingClient, now: Instant): boolean {
    const offer = this.#byLease.get(leaseKey)
    return offer !== undefined && offer.until > now && offer.clientKey !== keyOfClient(client)
  }

  /** The lease has been given: nothing is offered of it any more, nor anything else to that client. */
  settle(lease: NamedLease, client: BindingClient): void {
    const ofLease = this.#byLease.get(bindingKey(lease.kind, lease.prefix))
    if (ofLease !== undefined) this.#drop(ofLease)
    const ofClient = this.#byClient.get(keyOfClient(client))
    if (ofClient !== undefined) this.#drop(ofClient)
  }

  #drop(offer: Offer): void {
    this.#byLease.delete(offer.leaseKey)
    if (this.#byClient.get(offer.clientKey) === offer) this.#byClient.delete(offer.clientKey)
  }

  #dropOldest(): void {
    for (const offer of this.#byLease.values()) {
      this.#drop(offer)
      return
    }
  }

  #dropOutdated(now: Instant): void {
    for (const offer of this.#byLease.values()) {
      if (offer.until > now) return
      this.#drop(offer)
    }
  }
}

function keyOfClient(client: BindingClient): string {
  return `${client.duid}/${client.iaType}/${client.iaid}`
}
