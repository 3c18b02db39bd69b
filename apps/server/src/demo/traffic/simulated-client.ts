/** One DHCPv6 client without sockets or clock: says what to send when, and remembers what it was given (RFC 9915 section 18.2). */
import { MessageType, type ClientServerMessage, type Duid } from '@tandem/protocol'
import {
  isAlive,
  leaseText,
  readServerAnswer,
  writeClientMessage,
  type ClientLease,
  type ClientMessageName,
  type GrantedLease,
  type ServerAnswer,
  type Wishes,
} from './client-messages.ts'
import { nextTimeoutMs, retransmissionRules } from './retransmission.ts'

export type ClientState = 'absent' | 'soliciting' | 'requesting' | 'bound' | 'renewing' | 'rebinding' | 'releasing'

/** What the outside counts and keeps in its ledger. */
export interface ClientObserver {
  granted(client: SimulatedClient, lease: string, untilMs: number, nowMs: number): void
  /** `lost`: against the client's will, that is, not by its own RELEASE. */
  gone(client: SimulatedClient, lease: string, lost: boolean): void
  /** A message was answered for good. */
  answered(client: SimulatedClient, message: ClientMessageName): void
}

export interface ClientSettings {
  readonly name: string
  readonly duid: Duid
  readonly wishes: Wishes
  /** In [0, 1). */
  readonly random: () => number
  readonly observer: ClientObserver
}

interface Held {
  readonly lease: ClientLease
  readonly untilMs: number
}

/** A message that is being sent again and again until it is answered. */
interface Exchange {
  readonly name: ClientMessageName
  readonly transactionId: number
  readonly startedAtMs: number
  readonly sentCount: number
  readonly timeoutMs: number | undefined
  readonly dueAtMs: number
}

const TRANSACTION_IDS = 2 ** 24

export class SimulatedClient {
  readonly name: string
  readonly duid: Duid
  readonly wishes: Wishes
  readonly #random: () => number
  readonly #observer: ClientObserver
  #held = new Map<string, Held>()
  #offered: readonly ClientLease[] = []
  #offer: ServerAnswer | undefined
  #server: Duid | undefined
  #exchange: Exchange | undefined
  #renewAtMs = 0
  #rebindAtMs = 0

  constructor({ name, duid, wishes, random, observer }: ClientSettings) {
    this.name = name
    this.duid = duid
    this.wishes = wishes
    this.#random = random
    this.#observer = observer
  }

  get state(): ClientState {
    switch (this.#exchange?.name) {
      case 'solicit':
        return 'soliciting'
      case 'request':
        return 'requesting'
      case 'renew':
        return 'renewing'
      case 'rebind':
        return 'rebinding'
      case 'release':
        return 'releasing'
      case undefined:
        return this.#held.size > 0 ? 'bound' : 'absent'
    }
  }

  /** The server that gave the leases, or the one last asked. */
  get server(): Duid | undefined {
    return this.#server
  }

  leases(): readonly { readonly lease: string; readonly kind: ClientLease['kind']; readonly untilMs: number }[] {
    return [...this.#held].map(([lease, held]) => ({ lease, kind: held.lease.kind, untilMs: held.untilMs }))
  }

  arrive(nowMs: number): void {
    if (this.state === 'absent') this.#begin('solicit', nowMs)
  }

  /** From the moment it sends RELEASE, a client no longer uses its leases. */
  leave(nowMs: number): void {
    if (this.#held.size === 0) {
      this.#exchange = undefined
      return
    }
    this.#offered = [...this.#held.values()].map(({ lease }) => lease)
    for (const lease of this.#held.keys()) this.#drop(lease, false)
    this.#begin('release', nowMs)
  }

  /** When `act` has something to do. */
  dueAtMs(): number | undefined {
    const ends = [...this.#held.values()].map(({ untilMs }) => untilMs)
    if (this.#exchange !== undefined) ends.push(this.#exchange.dueAtMs)
    if (this.state === 'bound') ends.push(this.#renewAtMs)
    if (this.state === 'renewing') ends.push(this.#rebindAtMs)
    return ends.length === 0 ? undefined : Math.min(...ends)
  }

  /** Does what is due; returns what to send. */
  act(nowMs: number): ClientServerMessage | undefined {
    this.#expire(nowMs)
    if (this.state === 'bound' && nowMs >= this.#renewAtMs) this.#begin('renew', nowMs)
    if (this.state === 'renewing' && nowMs >= this.#rebindAtMs) this.#begin('rebind', nowMs)
    if (this.#exchange === undefined || nowMs < this.#exchange.dueAtMs) return undefined
    if (this.#offer !== undefined) this.#requestOffer(this.#offer, nowMs)
    return this.#transmit(this.#exchange, nowMs)
  }

  /** What follows from it is said by the next `act`, which may be due at once. */
  receive(message: ClientServerMessage, nowMs: number): void {
    const exchange = this.#exchange
    const answer = readServerAnswer(message, this.duid)
    if (exchange === undefined || answer === undefined || answer.transactionId !== exchange.transactionId) return
    if (exchange.name === 'solicit') this.#receiveOffer(exchange, answer, nowMs)
    else if (answer.type !== MessageType.Reply) return
    else if (exchange.name === 'release') this.#finish('release')
    else this.#receiveReply(exchange, answer, nowMs)
  }

  #receiveOffer(exchange: Exchange, answer: ServerAnswer, nowMs: number): void {
    if (answer.type !== MessageType.Advertise || !answer.granted.some(isAlive)) return
    // Until the first time-out a client waits for more offers; after it, any offer will do (RFC 9915 section 18.2.1).
    if (exchange.sentCount > 1) this.#requestOffer(answer, nowMs)
    else if (this.#offer === undefined || answer.granted.length > this.#offer.granted.length) this.#offer = answer
  }

  #requestOffer(offer: ServerAnswer, nowMs: number): void {
    this.#offered = offer.granted.filter(isAlive).map(({ lease }) => lease)
    this.#server = offer.server
    this.#begin('request', nowMs)
  }

  #receiveReply(exchange: Exchange, answer: ServerAnswer, nowMs: number): void {
    const alive = answer.granted.filter(isAlive)
    for (const { lease } of answer.granted.filter((each) => !isAlive(each))) this.#drop(leaseText(lease), true)
    if (alive.length === 0) {
      this.#receiveRefusal(exchange, answer, nowMs)
      return
    }
    this.#server = answer.server
    this.#finish(exchange.name)
    this.#hold(alive, exchange.name === 'request', nowMs)
    const validSeconds = Math.min(...alive.map((each) => each.validSeconds))
    this.#renewAtMs = nowMs + (answer.t1Seconds ?? validSeconds * 0.5) * 1000
    this.#rebindAtMs = nowMs + (answer.t2Seconds ?? validSeconds * 0.8) * 1000
  }

  #hold(granted: readonly GrantedLease[], replacesAll: boolean, nowMs: number): void {
    const kept = new Set(granted.map(({ lease }) => leaseText(lease)))
    if (replacesAll) {
      for (const lease of [...this.#held.keys()].filter((each) => !kept.has(each))) this.#drop(lease, true)
    }
    for (const { lease, validSeconds } of granted) {
      const untilMs = nowMs + validSeconds * 1000
      this.#held.set(leaseText(lease), { lease, untilMs })
      this.#observer.granted(this, leaseText(lease), untilMs, nowMs)
    }
  }

  #receiveRefusal(exchange: Exchange, answer: ServerAnswer, nowMs: number): void {
    // A renewal that changes nothing is tried again; a request that was refused starts over.
    if (exchange.name === 'request') this.#begin('solicit', nowMs)
    if (!answer.noBinding || (exchange.name !== 'renew' && exchange.name !== 'rebind')) return
    this.#server = answer.server
    this.#offered = [...this.#held.values()].map(({ lease }) => lease)
    this.#begin('request', nowMs)
  }

  #expire(nowMs: number): void {
    for (const [lease, { untilMs }] of this.#held) {
      if (untilMs <= nowMs) this.#drop(lease, true)
    }
    const orphaned = this.#exchange?.name === 'renew' || this.#exchange?.name === 'rebind'
    if (orphaned && this.#held.size === 0) this.#begin('solicit', nowMs)
  }

  #drop(lease: string, lost: boolean): void {
    if (this.#held.delete(lease)) this.#observer.gone(this, lease, lost)
  }

  #begin(name: ClientMessageName, nowMs: number): void {
    this.#offer = undefined
    this.#exchange = {
      name,
      transactionId: Math.floor(this.#random() * TRANSACTION_IDS),
      startedAtMs: nowMs,
      sentCount: 0,
      timeoutMs: undefined,
      dueAtMs: nowMs,
    }
  }

  #finish(name: ClientMessageName): void {
    this.#exchange = undefined
    this.#observer.answered(this, name)
  }

  #transmit(exchange: Exchange, nowMs: number): ClientServerMessage | undefined {
    const rule = retransmissionRules[exchange.name]
    if (rule.countMax !== undefined && exchange.sentCount >= rule.countMax) return this.#giveUp(exchange.name, nowMs)
    const isFirstSolicit = exchange.name === 'solicit' && exchange.sentCount === 0
    const timeoutMs = nextTimeoutMs(rule, exchange.timeoutMs, this.#random(), isFirstSolicit)
    const sentCount = exchange.sentCount + 1
    this.#exchange = { ...exchange, sentCount, timeoutMs, dueAtMs: nowMs + timeoutMs }
    const { name, transactionId, startedAtMs } = exchange
    const namesServer = name === 'request' || name === 'renew' || name === 'release'
    return writeClientMessage({
      name,
      transactionId,
      client: this.duid,
      server: namesServer ? this.#server : undefined,
      wishes: this.wishes,
      leases: this.#mentionedIn(name),
      elapsedMs: nowMs - startedAtMs,
    })
  }

  #mentionedIn(name: ClientMessageName): readonly ClientLease[] {
    if (name === 'solicit') return []
    if (name === 'request' || name === 'release') return this.#offered
    return [...this.#held.values()].map(({ lease }) => lease)
  }

  #giveUp(name: ClientMessageName, nowMs: number): undefined {
    this.#exchange = undefined
    if (name === 'request') this.#begin('solicit', nowMs)
  }
}
