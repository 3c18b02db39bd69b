/** Sends frames on a stream and fills in sent-time only when the socket has room, for waiting looks like clock skew (architecture section 5). */
import type { Duplex } from 'node:stream'
import { stampSentTime, toDhcpTime } from '@tandem/protocol'
import type { Clock } from '../../engine/steady-clock.ts'

/** The engine's window keeps far below it; a partner that reads nothing is cut off here. */
const WAITING_OCTETS_MAX = 32 * 1024 * 1024

const NOTHING = new Uint8Array(0)

export class FrameSender {
  readonly #clock: Clock
  readonly #overrun: () => void
  #stream: Duplex
  #waiting: Uint8Array[] = []
  #waitingOctets = 0
  #hasRoom = true
  #isGathering = false
  #whenEmpty: (() => void) | undefined

  constructor(stream: Duplex, clock: Clock, overrun: () => void) {
    this.#clock = clock
    this.#overrun = overrun
    this.#stream = stream
    this.#listen()
  }

  send(frame: Uint8Array): void {
    this.#waiting.push(frame)
    this.#waitingOctets += frame.length
    if (this.#waitingOctets > WAITING_OCTETS_MAX) this.#overrun()
    else this.#flush()
  }

  /** Calls back once everything sent before has been handed to the operating system. */
  whenEmpty(then: () => void): void {
    this.#whenEmpty = then
    this.#flush()
  }

  /** What comes from now on waits for the stream that `continueOn` gives. */
  hold(): void {
    this.#stream.off('drain', this.#drained)
    this.#hasRoom = false
  }

  continueOn(stream: Duplex): void {
    this.#stream = stream
    this.#hasRoom = true
    this.#listen()
  }

  #listen(): void {
    this.#stream.on('drain', this.#drained)
    this.#flush()
  }

  readonly #drained = (): void => {
    this.#hasRoom = true
    this.#flush()
  }

  /**
   * What is sent in one go leaves in one write. Else the first frame leaves alone, and the partner makes a commit for it
   * alone. It leaves before anything else is awaited, so it does not grow old.
   */
  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const stream = this.#stream
    stream.cork()
    queueMicrotask(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }

  #flush(): void {
    if (this.#hasRoom && this.#waiting.length > 0) this.#gather()
    let sent = 0
    while (this.#hasRoom && sent < this.#waiting.length) {
      const frame = this.#waiting[sent]
      if (frame === undefined) break
      stampSentTime(frame, toDhcpTime(this.#clock.now()))
      this.#hasRoom = this.#stream.write(frame)
      this.#waitingOctets -= frame.length
      sent += 1
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent)
    if (this.#waiting.length === 0 && this.#whenEmpty !== undefined) {
      const then = this.#whenEmpty
      this.#whenEmpty = undefined
      // Its callback comes when everything before it has left.
      this.#stream.write(NOTHING, () => then())
    }
  }
}
