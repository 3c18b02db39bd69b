/** The two timers of a connection (RFC 8156 sections 6.5 and 6.6, digest A5): own keepalive for silence, the partner's for CONTACT. */
import { hasBug } from '../../deliberate-bug.ts'
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import { addMs, addSeconds, type Instant } from '../../time/instant.ts'

/** A partner that asks for more than one CONTACT a second, or says 0, gets one a second. */
const SEND_INTERVAL_MS_MIN = 1000

export class Keepalive {
  readonly #keepaliveSeconds: number
  readonly #contactsPerKeepalive: number
  #sendIntervalMs: number
  #heardAt: Instant
  #sentAt: Instant

  /** `heardAt`: when the message that agreed on the connection arrived, which may be well before it is handled. */
  constructor(relationship: RelationshipConfiguration, heardAt: Instant, now: Instant) {
    this.#keepaliveSeconds = relationship.keepaliveSeconds
    this.#contactsPerKeepalive = relationship.contactsPerKeepalive
    this.#sendIntervalMs = this.#intervalFor(relationship.keepaliveSeconds)
    this.#heardAt = heardAt
    this.#sentAt = now
  }

  /** FO_SEND_TIME follows from what the partner said in CONNECT or CONNECTREPLY. */
  partnerWants(keepaliveSeconds: number): void {
    this.#sendIntervalMs = this.#intervalFor(keepaliveSeconds)
  }

  heard(at: Instant): void {
    if (at > this.#heardAt) this.#heardAt = at
  }

  sent(at: Instant): void {
    this.#sentAt = at
  }

  /** FO_KEEPALIVE_TIMER at zero: the connection is dead. */
  deadAt(): Instant | undefined {
    if (hasBug('silence-ignored')) return undefined
    return addSeconds(this.#heardAt, this.#keepaliveSeconds)
  }

  /** FO_SEND_TIMER at zero: a CONTACT is due. */
  contactDueAt(): Instant | undefined {
    if (hasBug('contact-not-sent')) return undefined
    return addMs(this.#sentAt, this.#sendIntervalMs)
  }

  #intervalFor(keepaliveSeconds: number): number {
    return Math.max(SEND_INTERVAL_MS_MIN, Math.floor((keepaliveSeconds * 1000) / this.#contactsPerKeepalive))
  }
}
