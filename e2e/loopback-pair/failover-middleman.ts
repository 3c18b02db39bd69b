/** Stands between primary and secondary on ::1: passes every failover frame on, cuts the connection, or slips frames in. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { StreamFramer } from '@tandem/protocol'

export type Direction = 'to-secondary' | 'to-primary'

/** Sees each message in passing, without its size octets. */
export type Onlooker = (direction: Direction, message: Uint8Array) => void

interface Session {
  readonly since: number
  readonly toPrimary: Socket
  readonly toSecondary: Socket
}

export class FailoverMiddleman {
  readonly port: number
  readonly #server: Server
  readonly #onlooker: Onlooker
  #secondaryPort: number | undefined
  #impostor: ((primary: Socket) => void) | undefined
  #session: Session | undefined
  /** Connections of the primary that an impostor has. */
  readonly #handed = new Set<Socket>()

  private constructor(server: Server, port: number, onlooker: Onlooker) {
    this.#server = server
    this.port = port
    this.#onlooker = onlooker
    server.on('connection', (socket) => this.#accept(socket))
  }

  static async start(onlooker: Onlooker = () => undefined): Promise<FailoverMiddleman> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: '::1', port: 0 }, resolve)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the middleman has no port')
    return new FailoverMiddleman(server, address.port, onlooker)
  }

  /** Until then the primary is turned away. */
  leadTo(secondaryPort: number): void {
    this.#takeBack()
    this.#secondaryPort = secondaryPort
    this.#impostor = undefined
  }

  /** Nobody is behind it any more; what the primary dials is handed to somebody who plays the secondary. */
  handTo(impostor: (primary: Socket) => void): void {
    this.cut()
    this.#takeBack()
    this.#secondaryPort = undefined
    this.#impostor = impostor
  }

  /** Undefined: no primary is there. */
  connectedForMs(): number | undefined {
    return this.#session === undefined ? undefined : performance.now() - this.#session.since
  }

  /** What a cable cut with a reset at both ends looks like. */
  cut(): void {
    const session = this.#session
    this.#session = undefined
    session?.toPrimary.resetAndDestroy()
    session?.toSecondary.resetAndDestroy()
  }

  /** Between two frames of the real partner; false: nobody is connected, or too much waits already. */
  slipIn(direction: Direction, octets: Uint8Array): boolean {
    const socket = direction === 'to-secondary' ? this.#session?.toSecondary : this.#session?.toPrimary
    if (socket === undefined || socket.destroyed || socket.writableLength > 1_000_000) return false
    socket.write(octets)
    return true
  }

  async close(): Promise<void> {
    this.cut()
    this.#takeBack()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  #takeBack(): void {
    for (const socket of this.#handed) socket.resetAndDestroy()
  }

  #accept(toPrimary: Socket): void {
    toPrimary.on('error', () => undefined)
    if (this.#secondaryPort === undefined) {
      if (this.#impostor === undefined) toPrimary.destroy()
      else {
        this.#handed.add(toPrimary)
        toPrimary.on('close', () => this.#handed.delete(toPrimary))
        this.#impostor(toPrimary)
      }
      return
    }
    const toSecondary = connect({ host: '::1', port: this.#secondaryPort })
    toSecondary.on('error', () => undefined)
    const session: Session = { since: performance.now(), toPrimary, toSecondary }
    this.cut()
    this.#session = session
    this.#passOn(session, toPrimary, toSecondary, 'to-secondary')
    this.#passOn(session, toSecondary, toPrimary, 'to-primary')
  }

  /** Frame by frame, so that what is slipped in never lands inside of one. */
  #passOn(session: Session, from: Socket, to: Socket, direction: Direction): void {
    const framer = new StreamFramer()
    from.on('data', (chunk) => {
      for (const message of framer.push(chunk)) {
        this.#onlooker(direction, message)
        to.write(frameOf(message))
      }
    })
    from.on('close', () => {
      to.end()
      if (this.#session === session) this.#session = undefined
    })
  }
}

export function frameOf(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(message.length + 2)
  new DataView(frame.buffer).setUint16(0, message.length)
  frame.set(message, 2)
  return frame
}
