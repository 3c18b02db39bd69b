/** One client: SOLICIT to REQUEST, RENEW at T1, REBIND at T2, RELEASE; gives a lease up when its time is over (RFC 9915 section 18.2). */
import { MessageType, type ClientServerMessage, type Duid } from '@tandem/protocol'
import type { Random } from '../world/random.ts'
import type { Schedule, Scheduled } from '../world/schedule.ts'
import {
  nameOf,
  readAnswer,
  writeClientMessage,
  type NamedLease,
  type ReadAnswer,
  type ToldLease,
} from './client-message.ts'

export interface ClientWishes {
  readonly address: boolean
  readonly prefix: boolean
  readonly rapidCommit: boolean
}

/** What checkers hear from a client: from `held` on it uses the lease, until `given up` or its end. */
export interface ClientObserver {
  held?(client: Client, lease: ToldLease, toldAt: number): void
  givenUp?(client: Client, lease: NamedLease, why: 'released' | 'expired' | 'withdrawn' | 'replaced'): void
}

export interface ClientOptions {
  readonly name: string
  readonly duid: Duid
  readonly wishes: ClientWishes
  readonly schedule: Schedule
  readonly random: Random
  readonly observers: readonly ClientObserver[]
  /** It asks again no sooner, or might be overtaken by its own RELEASE (decision 0031). */
  readonly quietAfterReleaseMs: number
  readonly send: (client: Client, message: ClientServerMessage) => void
}

type Doing = 'solicit' | 'request' | 'renew' | 'rebind' | 'release'

interface Exchange {
  readonly doing: Doing
  readonly transactionId: number
  readonly startedAt: number
  readonly sentCount: number
  readonly timeoutMs: number
  readonly dueAt: number
  readonly asked: readonly NamedLease[]
}

interface Held {
  readonly lease: NamedLease
  readonly endsAt: number
}

interface Retransmission {
  readonly type: number
  readonly initialMs: number
  readonly maxMs: number
  readonly countMax: number
  readonly namesServer: boolean
}

/** RFC 9915 section 7.6, with SOL_MAX_RT cut so that a story does not last hours. */
const retransmissions: Readonly<Record<Doing, Retransmission>> = {
  solicit: { type: MessageType.Solicit, initialMs: 1000, maxMs: 30_000, countMax: Infinity, namesServer: false },
  request: { type: MessageType.Request, initialMs: 1000, maxMs: 30_000, countMax: 10, namesServer: true },
  renew: { type: MessageType.Renew, initialMs: 10_000, maxMs: 600_000, countMax: Infinity, namesServer: true },
  rebind: { type: MessageType.Rebind, initialMs: 10_000, maxMs: 600_000, countMax: Infinity, namesServer: false },
  release: { type: MessageType.Release, initialMs: 1000, maxMs: 8000, countMax: 4, namesServer: true },
}

const TRANSACTION_IDS = 2 ** 24
/** Before a client that got nothing asks anew. */
const AFTER_REFUSAL_MS = 1000

export class Client {
  readonly name: string
  readonly duid: Duid
  readonly wishes: ClientWishes
  readonly #options: ClientOptions
  #held = new Map<string, Held>()
  #server: Duid | undefined
  #exchange: Exchange | undefined
  #renewAt = Infinity
  #rebindAt = Infinity
  #isPresent = false
  /** When it last sent a RELEASE. */
  #endedAt = -Infinity
  #timer: Scheduled | undefined

  constructor(options: ClientOptions) {
    this.name = options.name
    this.duid = options.duid
    this.wishes = options.wishes
    this.#options = options
  }

  /** Does it want leases now? */
  get isPresent(): boolean {
    return this.#isPresent
  }

  get leases(): readonly NamedLease[] {
    return [...this.#held.values()].map(({ lease }) => lease)
  }

  ask(): void {
    if (this.#isPresent) return
    this.#isPresent = true
    this.#begin(
      'solicit',
      [],
      Math.max(0, this.#endedAt + this.#options.quietAfterReleaseMs - this.#options.schedule.now),
    )
  }

  /** From RELEASE on it does not use its leases any more. */
  release(): void {
    if (!this.#isPresent) return
    this.#isPresent = false
    const asked = this.leases
    this.#exchange = undefined
    for (const lease of asked) this.#giveUp(lease, 'released')
    if (asked.length > 0) this.#begin('release', asked)
    else this.#arm()
  }

  /** Switched off: it says nothing more, and uses nothing. Servers keep its leases until they run out. */
  vanish(): void {
    this.#isPresent = false
    this.#exchange = undefined
    for (const lease of this.leases) this.#giveUp(lease, 'released')
    this.#arm()
  }

  /** `toldAt`: when the server let the answer go. */
  receive(message: ClientServerMessage, toldAt: number): void {
    const answer = readAnswer(message)
    const exchange = this.#exchange
    if (exchange === undefined || answer.client !== this.duid) return
    if (answer.transactionId !== exchange.transactionId) return
    if (answer.type === MessageType.Advertise) this.#receiveAdvertise(exchange, answer)
    else if (answer.type === MessageType.Reply) this.#receiveReply(exchange, answer, toldAt)
    this.#arm()
  }

  #receiveAdvertise(exchange: Exchange, answer: ReadAnswer): void {
    const offered = answer.leases.filter(isAlive)
    if (exchange.doing !== 'solicit' || offered.length === 0) return
    this.#server = answer.server
    this.#begin('request', offered)
  }

  #receiveReply(exchange: Exchange, answer: ReadAnswer, toldAt: number): void {
    if (exchange.doing === 'release') {
      this.#exchange = undefined
      return
    }
    if (exchange.doing === 'solicit' && !answer.isRapid) return
    const alive = answer.leases.filter(isAlive)
    for (const lease of answer.leases) if (!isAlive(lease)) this.#giveUp(lease, 'withdrawn')
    if (alive.length > 0) this.#hold(exchange, answer, alive, toldAt)
    else if (exchange.doing === 'request') this.#begin('solicit', [], AFTER_REFUSAL_MS)
    else if (this.#held.size === 0) this.#begin('solicit', [])
    else if (answer.isUnknownThere && exchange.doing !== 'solicit') {
      this.#server = answer.server
      this.#begin('request', this.leases)
    }
  }

  #hold(exchange: Exchange, answer: ReadAnswer, alive: readonly ToldLease[], toldAt: number): void {
    const now = this.#options.schedule.now
    this.#exchange = undefined
    this.#server = answer.server
    const kept = new Set(alive.map(nameOf))
    if (exchange.doing === 'request' || exchange.doing === 'solicit') {
      for (const lease of this.leases) if (!kept.has(nameOf(lease))) this.#giveUp(lease, 'replaced')
    }
    for (const lease of alive) {
      this.#held.set(nameOf(lease), { lease, endsAt: now + lease.validSeconds * 1000 })
      for (const observer of this.#options.observers) observer.held?.(this, lease, toldAt)
    }
    this.#renewAt = now + answer.t1Seconds * 1000
    this.#rebindAt = now + answer.t2Seconds * 1000
  }

  #giveUp(lease: NamedLease, why: 'released' | 'expired' | 'withdrawn' | 'replaced'): void {
    if (!this.#held.delete(nameOf(lease))) return
    for (const observer of this.#options.observers) observer.givenUp?.(this, lease, why)
  }

  #begin(doing: Doing, asked: readonly NamedLease[], afterMs = 0): void {
    const { random, schedule } = this.#options
    this.#exchange = {
      doing,
      transactionId: random.between(1, TRANSACTION_IDS - 1),
      startedAt: schedule.now,
      sentCount: 0,
      timeoutMs: 0,
      dueAt: schedule.now + afterMs,
      asked,
    }
    this.#arm()
  }

  /** The next thing due: a lease's end, T1, T2 or a retransmission. */
  #arm(): void {
    this.#timer?.cancel()
    const exchange = this.#exchange
    const ends = [...this.#held.values()].map(({ endsAt }) => endsAt)
    if (exchange !== undefined) ends.push(exchange.dueAt)
    if (this.#held.size > 0 && exchange === undefined) ends.push(this.#renewAt)
    if (exchange?.doing === 'renew') ends.push(this.#rebindAt)
    const next = Math.min(...ends)
    if (next === Infinity) return
    this.#timer = this.#options.schedule.at(next, () => {
      this.#wake()
    })
  }

  #wake(): void {
    const now = this.#options.schedule.now
    for (const { lease, endsAt } of this.#held.values()) if (endsAt <= now) this.#giveUp(lease, 'expired')
    const doing = this.#exchange?.doing
    const isExtending = doing === 'renew' || doing === 'rebind' || doing === undefined
    if (this.#held.size === 0 && this.#isPresent && isExtending) this.#begin('solicit', [])
    else if (this.#held.size > 0 && now >= this.#rebindAt && (doing === 'renew' || doing === undefined)) {
      this.#begin('rebind', this.leases)
    } else if (this.#held.size > 0 && now >= this.#renewAt && doing === undefined) this.#begin('renew', this.leases)
    if (this.#exchange !== undefined && this.#exchange.dueAt <= now) this.#transmit(this.#exchange)
    this.#arm()
  }

  #transmit(exchange: Exchange): void {
    const { random, schedule } = this.#options
    const rule = retransmissions[exchange.doing]
    if (exchange.sentCount >= rule.countMax) {
      this.#exchange = undefined
      if (exchange.doing === 'request' && this.#isPresent) this.#begin('solicit', [])
      return
    }
    if (exchange.doing === 'release') this.#endedAt = schedule.now
    const spread = 0.9 + random.fraction() * 0.2
    const next = exchange.timeoutMs === 0 ? rule.initialMs : Math.min(exchange.timeoutMs * 2, rule.maxMs)
    const timeoutMs = Math.round(next * spread)
    this.#exchange = { ...exchange, sentCount: exchange.sentCount + 1, timeoutMs, dueAt: schedule.now + timeoutMs }
    const message = writeClientMessage({
      type: rule.type,
      transactionId: exchange.transactionId,
      client: this.duid,
      server: rule.namesServer ? this.#server : undefined,
      wantsAddress: this.wishes.address,
      wantsPrefix: this.wishes.prefix,
      isRapid: this.wishes.rapidCommit && exchange.doing === 'solicit',
      leases: exchange.asked,
      elapsedMs: schedule.now - exchange.startedAt,
    })
    this.#options.send(this, message)
  }
}

function isAlive({ validSeconds }: ToldLease): boolean {
  return validSeconds > 0
}
