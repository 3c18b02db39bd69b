/** One failover connection: octets become frames with the instant of their arrival, and frames become octets (RFC 8156 section 5.1). */
import type { Socket } from 'node:net'
import type { ConnectionId, FrameReceived, StreamClosed, StreamSecured } from '@tandem/engine'
import { MessageType, StreamFramer } from '@tandem/protocol'
import type { Clock } from '../../engine/steady-clock.ts'
import { describeCertificate, type CertificateFacts } from '../tls/certificate-facts.ts'
import { secureStream } from '../tls/secure-stream.ts'
import type { TlsMaterial } from '../tls/tls-material.ts'
import { FrameSender } from './frame-sender.ts'

/** A connection that says nothing at all from the start is no partner's, nor is one that begins a frame and never ends it. */
const FRAME_WITHIN_MS = 30_000
/** What is still to be sent may take so long after the engine closed the connection. */
const CLOSE_WITHIN_MS = 3000

/** For `secure`: what to show, and whom to tell of the certificate that was shown to us. */
export interface TlsParty {
  material(): TlsMaterial
  seen(peer: CertificateFacts): void
}

export interface PartnerStreamEvents {
  push(event: FrameReceived | StreamSecured | StreamClosed): void
  /** The connection is gone, whoever ended it. */
  ended(connection: ConnectionId): void
}

export class PartnerStream {
  readonly connection: ConnectionId
  readonly #clock: Clock
  readonly #events: PartnerStreamEvents
  readonly #sender: FrameSender
  /** Runs until the first frame is whole, and while a later one has begun. */
  #frameTimer: NodeJS.Timeout | undefined
  readonly #plain: Socket
  #stream: Socket
  #framer = new StreamFramer()
  /** STARTTLS was received: nothing more may come in plain text. */
  #plainIsOver = false
  #isEnded = false
  /** The engine asked for the end, or must not hear of it. */
  #isQuiet = false

  constructor(connection: ConnectionId, socket: Socket, clock: Clock, events: PartnerStreamEvents) {
    this.connection = connection
    this.#clock = clock
    this.#events = events
    this.#plain = socket
    this.#stream = socket
    socket.setNoDelay(true)
    this.#sender = new FrameSender(socket, clock, () => this.fail('the partner takes nothing that we send'))
    this.#awaitFrame('the peer sent nothing')
    this.#attach()
  }

  send(frame: Uint8Array): void {
    if (!this.#isEnded && !this.#isQuiet) this.#sender.send(frame)
  }

  /** Answers to the engine with `stream-secured` or `stream-closed`. */
  secure(as: 'client' | 'server', party: TlsParty): void {
    this.#plainIsOver = true
    if (this.#framer.pendingOctets > 0) {
      this.fail('octets came in plain text behind the agreement to use TLS')
      return
    }
    this.#plain.pause()
    this.#detach()
    this.#plain.on('error', ignoreWithReason)
    this.#sender.whenEmpty(() => {
      this.#sender.hold()
      void this.#handshake(as, party)
    })
  }

  /** After everything sent before has left; the engine hears no more of it. */
  close(): void {
    if (this.#isEnded) return
    this.#isQuiet = true
    const timer = setTimeout(() => this.#end(), CLOSE_WITHIN_MS)
    this.#stream.once('close', () => clearTimeout(timer))
    this.#sender.whenEmpty(() => this.#stream.end())
  }

  /** At once; the engine hears of it. */
  fail(reason: string): void {
    this.#tellClosed(reason)
    this.#end()
  }

  /** At once; the engine does not hear of it. */
  drop(): void {
    this.#isQuiet = true
    this.#end()
  }

  async #handshake(as: 'client' | 'server', party: TlsParty): Promise<void> {
    try {
      const secured = await secureStream(this.#plain, as, party.material())
      if (!secured.ok) {
        this.fail(secured.reason)
        return
      }
      if (this.#isEnded) {
        secured.stream.destroy()
        return
      }
      party.seen(secured.peer)
      this.#stream = secured.stream
      this.#framer = new StreamFramer()
      this.#plainIsOver = false
      this.#events.push({
        kind: 'stream-secured',
        connection: this.connection,
        peerCertificate: describeCertificate(secured.peer),
      })
      this.#sender.continueOn(secured.stream)
      this.#attach()
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error))
    }
  }

  #attach(): void {
    this.#stream.on('data', this.#read)
    this.#stream.on('error', this.#failed)
    this.#stream.on('end', this.#peerEnded)
    this.#stream.on('close', this.#closed)
  }

  #detach(): void {
    this.#stream.off('data', this.#read)
    this.#stream.off('error', this.#failed)
    this.#stream.off('end', this.#peerEnded)
    this.#stream.off('close', this.#closed)
  }

  readonly #read = (chunk: Buffer): void => {
    const arrivedAt = this.#clock.now()
    if (this.#isQuiet || this.#isEnded) return
    if (this.#plainIsOver) {
      this.fail('octets came in plain text behind the agreement to use TLS')
      return
    }
    for (const bytes of this.#framer.push(chunk)) {
      this.#frameArrived()
      if (this.#plainIsOver) {
        this.fail('a frame came in plain text behind the agreement to use TLS')
        return
      }
      this.#plainIsOver = bytes[0] === MessageType.StartTls
      this.#events.push({ kind: 'frame-received', connection: this.connection, bytes, arrivedAt })
    }
    if (this.#framer.pendingOctets > 0) this.#awaitFrame('the peer began a frame and did not end it')
    const { error } = this.#framer
    if (error !== undefined) this.fail(`the stream cannot be followed: ${error.detail}`)
  }

  #awaitFrame(otherwise: string): void {
    this.#frameTimer ??= setTimeout(() => this.fail(otherwise), FRAME_WITHIN_MS)
  }

  #frameArrived(): void {
    clearTimeout(this.#frameTimer)
    this.#frameTimer = undefined
  }

  readonly #failed = (error: Error): void => this.fail(error.message)
  readonly #peerEnded = (): void => this.fail('the partner closed the connection')
  readonly #closed = (): void => this.fail('the connection is gone')

  #tellClosed(reason: string): void {
    if (this.#isEnded || this.#isQuiet) return
    this.#isQuiet = true
    this.#events.push({ kind: 'stream-closed', connection: this.connection, reason })
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#frameArrived()
    this.#detach()
    this.#stream.on('error', ignoreWithReason)
    this.#stream.destroy()
    this.#plain.destroy()
    this.#events.ended(this.connection)
  }
}

/** A connection that we gave up may still report what the network thinks of it; nobody is left to be told. */
function ignoreWithReason(_error: Error): void {
  return
}
