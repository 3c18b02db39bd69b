/** One client of the load: it asks without pause, for new leases, for longer ones, for an end, so that a kill always hits something. */
import { makeDuidLl, MessageType, type Duid } from '@tandem/protocol'
import type { ServerName } from '../topology/pair-configuration.ts'
import {
  clientMessage,
  leaseText,
  type ClientLease,
  type ClientMessageName,
  type ServerAnswer,
} from './client-message.ts'
import type { LoadLedger } from './load-ledger.ts'
import { addressOf, peerAddressOf, relayed } from './relayed-message.ts'
import type { SeededRandom } from './seeded-random.ts'

/** An unanswered message is sent again after that, and given up after `TRIES_MAX`. */
const TRY_MS = 400
const TRIES_MAX = 2

export interface Pace {
  /** Between two exchanges. */
  readonly pauseMinMs: number
  readonly pauseMaxMs: number
  readonly releaseProbability: number
  readonly rebindProbability: number
}

export const busyPace: Pace = { pauseMinMs: 10, pauseMaxMs: 120, releaseProbability: 0.08, rebindProbability: 0.15 }

interface HeldLease {
  readonly lease: ClientLease
  readonly untilMs: number
}

interface Exchange {
  readonly name: ClientMessageName
  readonly transactionId: number
  readonly startedAtMs: number
  readonly startedOrder: number
  readonly leases: readonly ClientLease[]
  readonly bytes: Uint8Array
  readonly tries: number
  readonly dueAtMs: number
  /** The last time. */
  readonly sentAtMs: number
}

export interface LoadClientParts {
  readonly index: number
  readonly wantsPrefix: boolean
  readonly linkAddress: string
  readonly random: SeededRandom
  readonly ledger: LoadLedger
  readonly pace: Pace
  readonly send: (bytes: Uint8Array) => void
}

export class LoadClient {
  readonly duid: Duid
  readonly #parts: LoadClientParts
  readonly #held = new Map<string, HeldLease>()
  #server: Duid | undefined
  #exchange: Exchange | undefined
  #actAtMs = 0
  #leaves = false

  constructor(parts: LoadClientParts) {
    this.#parts = parts
    this.duid = makeDuidLl(1, Uint8Array.of(0x02, 0, 0, 0x1e, parts.index >> 8, parts.index & 0xff))
  }

  held(nowMs: number): readonly { readonly lease: string; readonly untilMs: number }[] {
    return [...this.#held]
      .filter(([, { untilMs }]) => untilMs > nowMs)
      .map(([lease, { untilMs }]) => ({ lease, untilMs }))
  }

  get isAsking(): boolean {
    return this.#exchange !== undefined
  }

  /** Does what is due; `begins` false: finishes what it began, and begins nothing. */
  act(nowMs: number, begins: boolean): void {
    this.#dropExpired(nowMs)
    const exchange = this.#exchange
    if (exchange === undefined) {
      if (begins && nowMs >= this.#actAtMs) this.#begin(this.#nextMessage(), nowMs)
    } else if (nowMs >= exchange.dueAtMs) this.#again(exchange, nowMs)
  }

  receive(answer: ServerAnswer, by: ServerName, nowMs: number): void {
    const exchange = this.#exchange
    if (answer.type === MessageType.Reply) this.#record(answer, by, nowMs)
    if (exchange === undefined || answer.transactionId !== exchange.transactionId) return
    if (exchange.name === 'solicit' && answer.type === MessageType.Advertise) this.#receiveOffer(answer, nowMs)
    else if (answer.type === MessageType.Reply) this.#receiveReply(exchange, answer, nowMs)
  }

  readonly #past = new Map<number, Exchange>()

  /** Late answers too: whoever was told something relies on it, whenever it came. */
  #record(answer: ServerAnswer, by: ServerName, nowMs: number): void {
    const { ledger } = this.#parts
    const exchange = this.#past.get(answer.transactionId)
    ledger.countReply(exchange?.name ?? 'unknown')
    if (exchange === undefined) return
    const { name, transactionId, startedAtMs, startedOrder, sentAtMs } = exchange
    const line = {
      atMs: nowMs,
      by,
      answers: name,
      transactionId,
      client: this.duid,
      askedAtMs: startedAtMs,
      askedOrder: startedOrder,
      sentAtMs,
    }
    if (name === 'release') {
      for (const lease of exchange.leases) ledger.told(leaseText(lease), { ...line, validSeconds: 0 })
    }
    for (const { lease, validSeconds } of answer.grants) ledger.told(leaseText(lease), { ...line, validSeconds })
  }

  #receiveOffer(answer: ServerAnswer, nowMs: number): void {
    const offered = answer.grants.filter(({ validSeconds }) => validSeconds > 0).map(({ lease }) => lease)
    if (offered.length === 0) return
    this.#server = answer.server
    this.#begin('request', nowMs, offered)
  }

  #receiveReply(exchange: Exchange, answer: ServerAnswer, nowMs: number): void {
    this.#exchange = undefined
    if (exchange.name !== 'release') {
      const named = new Set(answer.grants.map(({ lease }) => leaseText(lease)))
      // A REPLY that says nothing of a lease leaves it as it was; one that says zero takes it.
      for (const { lease, validSeconds } of answer.grants) {
        if (validSeconds === 0) this.#held.delete(leaseText(lease))
        else this.#held.set(leaseText(lease), { lease, untilMs: nowMs + validSeconds * 1000 })
      }
      if (named.size > 0) this.#server = answer.server
      if (named.size === 0 && exchange.name !== 'request') this.#leaves = true
    }
    this.#pause(nowMs)
  }

  #nextMessage(): ClientMessageName {
    const { random, pace } = this.#parts
    if (this.#held.size === 0 || this.#server === undefined) return 'solicit'
    if (this.#leaves || random.chance(pace.releaseProbability)) return 'release'
    return random.chance(pace.rebindProbability) ? 'rebind' : 'renew'
  }

  #begin(name: ClientMessageName, nowMs: number, offered?: readonly ClientLease[]): void {
    const { random, ledger, wantsPrefix, linkAddress, index } = this.#parts
    const leases = name === 'solicit' ? [] : (offered ?? [...this.#held.values()].map(({ lease }) => lease))
    const transactionId = random.below(2 ** 24)
    const message = clientMessage({ name, transactionId, client: this.duid, server: this.#server, wantsPrefix, leases })
    const startedOrder = ledger.nextOrder()
    // What a client asks for, it may be told at any time from now on.
    for (const lease of leases) {
      ledger.asked(leaseText(lease), { atMs: nowMs, message: name, transactionId, client: this.duid })
    }
    // From the moment it sends RELEASE, a client no longer uses its leases.
    if (name === 'release') {
      this.#held.clear()
      this.#leaves = false
    }
    const exchange: Exchange = {
      name,
      transactionId,
      startedAtMs: nowMs,
      startedOrder,
      leases,
      bytes: relayed(addressOf(linkAddress), peerAddressOf(index), message),
      tries: 0,
      dueAtMs: nowMs,
      sentAtMs: nowMs,
    }
    this.#again(exchange, nowMs)
  }

  #again(exchange: Exchange, nowMs: number): void {
    if (exchange.tries >= TRIES_MAX && exchange.name !== 'solicit') {
      this.#giveUp(exchange, nowMs)
      return
    }
    this.#exchange = { ...exchange, tries: exchange.tries + 1, dueAtMs: nowMs + TRY_MS, sentAtMs: nowMs }
    this.#past.set(exchange.transactionId, this.#exchange)
    this.#parts.send(exchange.bytes)
  }

  #giveUp({ name }: Exchange, nowMs: number): void {
    this.#exchange = undefined
    // A client whose own server is silent asks any server.
    if (name === 'renew') this.#begin('rebind', nowMs)
    else this.#pause(nowMs)
  }

  #pause(nowMs: number): void {
    const { random, pace } = this.#parts
    this.#actAtMs = nowMs + pace.pauseMinMs + random.below(pace.pauseMaxMs - pace.pauseMinMs + 1)
  }

  #dropExpired(nowMs: number): void {
    for (const [text, { untilMs }] of this.#held) if (untilMs <= nowMs) this.#held.delete(text)
  }
}
