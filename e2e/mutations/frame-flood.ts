/** Mutated failover frames on the three ways they can come: from a stranger, from an impostor, and in the middle of a real conversation. */
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeStreamMessage, MessageType, StreamFramer } from '@tandem/protocol'
import type { Direction, FailoverMiddleman } from '../loopback-pair/failover-middleman.ts'
import { frameOf } from '../loopback-pair/failover-middleman.ts'
import type { SeededRandom } from '../loopback-pair/seeded-random.ts'
import { promisesUntilMs } from './believed-promises.ts'
import { mutate, type MutationKind } from './mutate.ts'
import {
  answerToConnect,
  connectOf,
  contact,
  someStreamType,
  stateOfConflict,
  stateOfStarting,
  updatesDone,
  validStreamMessage,
} from './valid-messages.ts'

/** So many frames at once: fewer than the updates that a partner may have waiting. */
const BURST = 16
const BURST_PAUSE_MS = 4
/** A frame below this ends the stream at once, as does one with a wrong message-size. */
const MESSAGE_OCTETS_MIN = 4
const STREAM_ENDING_PROBABILITY = 1 / 400
const DECISIVE_PROBABILITY = 1 / 400
/** Until then the partners agree, and any octet between them ends the connection: strangers and impostors see to that. */
const HANDSHAKE_MS = 150
/** Of one connection that is believed to be the partner's. */
const FRAMES_PER_IMPOSTOR = 400
const STRANGERS_BETWEEN = 2
const QUIET_PAUSE_MS = 100
/** A stranger whose message said nothing is given up after that. */
const STRANGER_MS = 100

type IsDone = () => boolean

/** What the STATE of an impostor says: it is starting up, from which nothing follows, or it is in POTENTIAL-CONFLICT. */
export type PartnerManner = 'starting' | 'in-conflict'

function stateIn(manner: PartnerManner): Uint8Array {
  return manner === 'starting' ? stateOfStarting() : stateOfConflict()
}

export class FrameFlood {
  readonly #random: SeededRandom
  readonly #counted: (kind: MutationKind | 'message-size') => void
  #sent = 0
  #isQuiet = false
  #promiseMaxMs = Infinity

  constructor(random: SeededRandom, counted: (kind: MutationKind | 'message-size') => void) {
    this.#random = random
    this.#counted = counted
  }

  /** While quiet, an impostor only keeps its connection alive, so that the state which hangs on it lasts. */
  set quiet(isQuiet: boolean) {
    this.#isQuiet = isQuiet
  }

  /**
   * From now on no frame says that a lease is promised, or may be, for longer. A mutant that says so in a valid message is believed, as
   * it has to be, and a server that lost its storage then rightly waits for as long (decisions 0024 and 0030): for years, by
   * a flipped bit.
   */
  set promiseMaxSeconds(seconds: number) {
    this.#promiseMaxMs = seconds * 1000
  }

  get sent(): number {
    return this.#sent
  }

  /** Connections whose first message is a mutant. */
  async asStranger(port: number, isDone: IsDone): Promise<void> {
    while (!isDone()) {
      if (this.#isQuiet) {
        await delay(QUIET_PAUSE_MS)
        continue
      }
      const socket = await dial(port)
      socket.write(this.#mutant(this.#random.chance(0.7)))
      await closed(socket, STRANGER_MS)
    }
  }

  /** Says a valid CONNECT and a STATE, and then mutants; between two such connections there is a stranger. */
  async asPrimary(port: number, isDone: IsDone, mcltSeconds: number, manner: PartnerManner): Promise<void> {
    while (!isDone()) {
      const socket = await dial(port)
      for (const message of [connectOf(mcltSeconds), stateIn(manner)]) socket.write(frameOf(message))
      await this.#pour(socket, FRAMES_PER_IMPOSTOR, isDone)
      socket.destroy()
      let strangers = STRANGERS_BETWEEN
      await this.asStranger(port, () => strangers-- <= 0 || isDone())
    }
  }

  /** What the middleman does with each connection of the primary: accepts CONNECT, says a STATE, and goes on with mutants. */
  impostor(manner: PartnerManner): (primary: Socket) => void {
    return (primary) => {
      const framer = new StreamFramer()
      let poured = false
      primary.on('data', (chunk) => {
        for (const message of framer.push(chunk)) {
          const decoded = decodeStreamMessage(message)
          if (!decoded.ok) continue
          const { type, transactionId } = decoded.value
          // It has nothing to tell, so the primary is through with the conflict at once.
          if (type === MessageType.Updreq) primary.write(frameOf(updatesDone(transactionId)))
          if (type !== MessageType.Connect || poured) continue
          poured = true
          primary.write(frameOf(answerToConnect(decoded.value)))
          primary.write(frameOf(stateIn(manner)))
          void this.#pour(primary, FRAMES_PER_IMPOSTOR, () => false).then(() => primary.destroy())
        }
      })
    }
  }

  /** Between the frames of both real partners; waits where their connection has to come back. */
  async inConversation(middleman: FailoverMiddleman, isDone: IsDone): Promise<void> {
    while (!isDone()) {
      if (this.#isQuiet || (middleman.connectedForMs() ?? 0) < HANDSHAKE_MS) {
        await delay(20)
        continue
      }
      const direction: Direction = this.#random.chance(0.5) ? 'to-secondary' : 'to-primary'
      for (let frame = 0; frame < BURST; frame += 1) {
        if (!middleman.slipIn(direction, this.#mutant(this.#random.chance(DECISIVE_PROBABILITY)))) break
      }
      await delay(BURST_PAUSE_MS)
    }
  }

  async #pour(socket: Socket, count: number, isDone: IsDone): Promise<void> {
    for (let sent = 0; sent < count && !isDone() && !socket.destroyed && socket.writable; sent += 1) {
      while (this.#isQuiet && !isDone() && socket.writable) {
        socket.write(frameOf(contact()))
        await delay(QUIET_PAUSE_MS)
      }
      socket.write(this.#mutant(false))
      if (sent % BURST === BURST - 1) await delay(BURST_PAUSE_MS)
    }
  }

  #mutant(isDecisive: boolean): Uint8Array {
    const random = this.#random
    this.#sent += 1
    const original = validStreamMessage(random, someStreamType(random, isDecisive))
    if (random.chance(STREAM_ENDING_PROBABILITY)) {
      this.#counted('message-size')
      const frame = frameOf(original)
      frame[random.below(2)] = random.below(256)
      return frame
    }
    for (;;) {
      const { kind, bytes } = mutate(original, random)
      if (bytes.length < MESSAGE_OCTETS_MIN) continue
      const nowMs = Date.now()
      if (promisesUntilMs(bytes, nowMs) > nowMs + this.#promiseMaxMs) continue
      this.#counted(kind)
      return frameOf(bytes)
    }
  }
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '::1', port })
    socket.on('error', reject)
    socket.on('data', () => undefined)
    socket.once('connect', () => resolve(socket))
  })
}

/** Resolves when the server has closed it, or after a while. */
function closed(socket: Socket, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => socket.destroy(), limitMs)
    socket.once('close', () => {
      clearTimeout(limit)
      resolve()
    })
  })
}
