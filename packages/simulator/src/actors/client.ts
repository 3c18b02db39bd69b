/** One client: SOLICIT to REQUEST, RENEW at T1, REBIND at T2, RELEASE, DECLINE and CONFIRM; gives a lease up when its time is over (RFC 9915 section 18.2). */
import { MessageType, StatusCode, type ClientServerMessage, type Duid } from '@tandem/protocol'
import type { Random } from '../world/random.ts'
import type { Schedule, Scheduled } from '../world/schedule.ts'
import {
  isSameIa,
  nameOf,
  readAnswer,
  writeClientMessage,
  type NamedIa,
  type PlacedLease,
  type ReadAnswer,
  type ToldLease,
} from './client-message.ts'
import { nextTimeoutMs, retransmissions, type Doing, type Exchange } from './exchange.ts'

export interface ClientWishes {
  /** How many IA_NA and IA_PD, with IAIDs from 1 on. */
  readonly addresses: number
  readonly prefixes: number
  /** It asks for an IA_TA too, which a server may refuse. */
  readonly temporary?: boolean
  readonly rapidCommit: boolean
  /** How likely it finds a new address in use by something else. */
  readonly duplicateChance?: number
}

export type WhyGivenUp = 'released' | 'expired' | 'withdrawn' | 'replaced' | 'declined' | 'moved'

/** What checkers hear from a client: from `held` on it uses the lease, until `given up` or its end. */
export interface ClientObserver {
  held?(client: Client, lease: ToldLease, toldAt: number): void
  givenUp?(client: Client, lease: PlacedLease, why: WhyGivenUp): void
}

export interface ClientOptions {
  readonly name: string
  readonly duid: Duid
  readonly wishes: ClientWishes
  readonly schedule: Schedule
  readonly random: Random
  readonly observers: readonly ClientObserver[]
  /** It asks again no sooner, or might be overtaken by its own RELEASE or DECLINE (decision 0031). */
  readonly quietAfterReleaseMs: number
  readonly send: (client: Client, message: ClientServerMessage) => void
}

interface Held {
  readonly lease: PlacedLease
  readonly endsAt: number
}

const TRANSACTION_IDS = 2 ** 24
/** Before a client that got nothing asks anew. */
const AFTER_REFUSAL_MS = 1000

export class Client {
  readonly name: string
  readonly duid: Duid
  readonly #options: ClientOptions
  #wishes: ClientWishes
  #held = new Map<string, Held>()
  #server: Duid | undefined
  #exchange: Exchange | undefined
  #renewAt = Infinity
  #rebindAt = Infinity
  #isPresent = false
  /** Off, and it remembers its leases. */
  #isAsleep = false
  /** When it last sent a RELEASE or DECLINE. */
  #endedAt = -Infinity
  #timer: Scheduled | undefined

  constructor(options: ClientOptions) {
    this.name = options.name
    this.duid = options.duid
    this.#wishes = options.wishes
    this.#options = options
  }

  /** Does it want leases now? */
  get isPresent(): boolean {
    return this.#isPresent
  }

  get leases(): readonly PlacedLease[] {
    return [...this.#held.values()].map(({ lease }) => lease)
  }

  ask(): void {
    if (this.#isPresent) return
    this.#isPresent = true
    this.#solicit()
  }

  /** From RELEASE on it does not use its leases any more. */
  release(): void {
    if (!this.#isPresent) return
    this.#isPresent = false
    this.#isAsleep = false
    const asked = this.leases
    this.#exchange = undefined
    for (const lease of asked) this.#giveUp(lease, 'released')
    if (asked.length > 0) this.#begin('release', asked)
    else this.#arm()
  }

  /** Switched off: it says nothing more, and uses nothing. Servers keep its leases until they run out. */
  vanish(): void {
    this.#isPresent = false
    this.#isAsleep = false
    this.#exchange = undefined
    for (const lease of this.leases) this.#giveUp(lease, 'released')
    this.#arm()
  }

  /** Something else on the link uses its addresses. */
  decline(): void {
    this.#decline(this.leases.filter(({ kind }) => kind === 'address'))
  }

  /** It says nothing for a while, but remembers what it has. */
  sleep(): void {
    if (!this.#isPresent || this.#exchange?.doing === 'decline') return
    this.#isAsleep = true
    this.#exchange = undefined
    this.#arm()
  }

  /** After sleep, a restart or a change of its link: are the leases still right (RFC 9915 section 18.2.12)? */
  checkLink(): void {
    if (!this.#isPresent || this.#exchange?.doing === 'decline') return
    this.#isAsleep = false
    this.#expire()
    if (this.#held.size === 0) this.#solicit()
    else this.#begin(this.leases.every(({ kind }) => kind === 'address') ? 'confirm' : 'check', this.leases)
  }

  /** One IA more, in a RENEW with what it has (RFC 9915 section 18.2.4), unless it has something else under way. */
  askForMore(kind: 'addresses' | 'prefixes', countMax: number): void {
    if (this.#isAsleep || this.#exchange !== undefined || this.#wishes[kind] >= countMax) return
    this.#wishes = { ...this.#wishes, [kind]: this.#wishes[kind] + 1 }
    if (this.#held.size > 0) this.#begin('renew', this.leases)
  }

  /** INFORMATION-REQUEST, where nothing else is under way. */
  askForSettings(): void {
    if (!this.#isAsleep && this.#exchange === undefined) this.#begin('inform', [])
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
    if (exchange.doing === 'release' || exchange.doing === 'inform') {
      this.#exchange = undefined
      return
    }
    if (exchange.doing === 'decline') {
      this.#solicit(this.leases)
      return
    }
    if (exchange.doing === 'confirm') {
      this.#receiveConfirmation(answer)
      return
    }
    if (exchange.doing === 'solicit' && !answer.isRapid) return
    const alive = answer.leases.filter(isAlive)
    for (const lease of answer.leases) if (!isAlive(lease)) this.#giveUp(lease, 'withdrawn')
    for (const lease of this.leases) if (isIn(lease, answer.offLinkIas)) this.#giveUp(lease, 'moved')
    if (alive.length > 0) this.#hold(exchange, answer, alive, toldAt)
    else if (exchange.doing === 'request') this.#solicit([], AFTER_REFUSAL_MS)
    else if (this.#held.size === 0) this.#solicit()
    else if (answer.isUnknownThere && exchange.doing !== 'solicit') {
      this.#server = answer.server
      this.#begin('request', this.leases)
    }
  }

  #receiveConfirmation(answer: ReadAnswer): void {
    this.#exchange = undefined
    if (answer.status !== StatusCode.NotOnLink) return
    for (const lease of this.leases) this.#giveUp(lease, 'moved')
    this.#solicit()
  }

  #hold(exchange: Exchange, answer: ReadAnswer, alive: readonly ToldLease[], toldAt: number): void {
    const { schedule, random, observers } = this.#options
    const now = schedule.now
    const { duplicateChance = 0 } = this.#wishes
    this.#exchange = undefined
    this.#server = answer.server
    const kept = new Set(alive.map(nameOf))
    if (exchange.doing === 'request' || exchange.doing === 'solicit') {
      for (const lease of this.leases) if (!kept.has(nameOf(lease))) this.#giveUp(lease, 'replaced')
    }
    const duplicates: PlacedLease[] = []
    for (const lease of alive) {
      const isNew = !this.#held.has(nameOf(lease))
      if (isNew && lease.kind === 'address' && duplicateChance > 0 && random.chance(duplicateChance))
        duplicates.push(lease)
      this.#held.set(nameOf(lease), { lease, endsAt: now + lease.validSeconds * 1000 })
      for (const observer of observers) observer.held?.(this, lease, toldAt)
    }
    this.#renewAt = now + answer.t1Seconds * 1000
    this.#rebindAt = now + answer.t2Seconds * 1000
    if (duplicates.length > 0) this.#decline(duplicates)
    // What the server does not know is asked for anew (RFC 9915 section 18.2.10.1).
    else if (exchange.doing === 'renew' && answer.unknownIas.some(({ iaType }) => iaType !== 'IA_TA'))
      this.#begin('request', this.leases)
  }

  #decline(duplicates: readonly PlacedLease[]): void {
    for (const lease of duplicates) this.#giveUp(lease, 'declined')
    this.#begin('decline', duplicates)
  }

  #giveUp(lease: PlacedLease, why: WhyGivenUp): void {
    if (!this.#held.delete(nameOf(lease))) return
    for (const observer of this.#options.observers) observer.givenUp?.(this, lease, why)
  }

  #expire(): void {
    const now = this.#options.schedule.now
    for (const { lease, endsAt } of this.#held.values()) if (endsAt <= now) this.#giveUp(lease, 'expired')
  }

  #solicit(asked: readonly PlacedLease[] = [], afterMs = 0): void {
    const quietMs = this.#endedAt + this.#options.quietAfterReleaseMs - this.#options.schedule.now
    this.#begin('solicit', asked, Math.max(afterMs, quietMs))
  }

  #begin(doing: Doing, asked: readonly PlacedLease[], afterMs = 0): void {
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
    if (this.#held.size > 0 && exchange === undefined && !this.#isAsleep) ends.push(this.#renewAt)
    if (exchange?.doing === 'renew') ends.push(this.#rebindAt)
    const next = Math.min(...ends)
    if (next === Infinity) return
    this.#timer = this.#options.schedule.at(next, () => {
      this.#wake()
    })
  }

  #wake(): void {
    const now = this.#options.schedule.now
    this.#expire()
    if (!this.#isAsleep) this.#goOn(now)
    if (this.#exchange !== undefined && this.#exchange.dueAt <= now) this.#transmit(this.#exchange)
    this.#arm()
  }

  #goOn(now: number): void {
    const doing = this.#exchange?.doing
    const isLosing = doing === undefined || isExtending.has(doing)
    if (this.#held.size === 0 && this.#isPresent && isLosing) this.#solicit()
    else if (this.#held.size > 0 && now >= this.#rebindAt && (doing === 'renew' || doing === undefined)) {
      this.#begin('rebind', this.leases)
    } else if (this.#held.size > 0 && now >= this.#renewAt && doing === undefined) this.#begin('renew', this.leases)
  }

  #transmit(exchange: Exchange): void {
    const { random, schedule } = this.#options
    const { doing, asked } = exchange
    const rule = retransmissions[doing]
    if (exchange.sentCount >= rule.countMax) {
      this.#exchange = undefined
      if (doing === 'decline') this.#solicit(this.leases)
      else if (this.#isPresent && (doing === 'request' || this.#held.size === 0)) this.#solicit()
      return
    }
    if (doing === 'release' || doing === 'decline') this.#endedAt = schedule.now
    const timeoutMs = nextTimeoutMs(exchange, random.fraction())
    this.#exchange = { ...exchange, sentCount: exchange.sentCount + 1, timeoutMs, dueAt: schedule.now + timeoutMs }
    const message = writeClientMessage({
      type: rule.type,
      transactionId: exchange.transactionId,
      client: this.duid,
      server: rule.namesServer ? this.#server : undefined,
      ias: namesOnlyItsLeases.has(doing)
        ? wishedIas(this.#wishes).filter((ia) => isIn(ia, asked))
        : wishedIas(this.#wishes),
      isRapid: this.#wishes.rapidCommit && doing === 'solicit',
      asksForSettings: doing === 'inform',
      leases: asked,
      elapsedMs: schedule.now - exchange.startedAt,
    })
    this.#options.send(this, message)
  }
}

const isExtending: ReadonlySet<Doing> = new Set(['renew', 'rebind', 'confirm', 'check', 'inform'])
const namesOnlyItsLeases: ReadonlySet<Doing> = new Set(['release', 'decline', 'confirm', 'inform'])

function wishedIas({ addresses, prefixes, temporary }: ClientWishes): readonly NamedIa[] {
  const numbered = (iaType: NamedIa['iaType'], count: number): readonly NamedIa[] =>
    Array.from({ length: count }, (_, at) => ({ iaType, iaid: at + 1 }))
  return [
    ...numbered('IA_NA', addresses),
    ...numbered('IA_PD', prefixes),
    ...numbered('IA_TA', temporary === true ? 1 : 0),
  ]
}

function isIn(ia: NamedIa, ias: readonly NamedIa[]): boolean {
  return ias.some((each) => isSameIa(each, ia))
}

function isAlive({ validSeconds }: ToldLease): boolean {
  return validSeconds > 0
}
