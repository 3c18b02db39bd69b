/** Sends datagrams to a server as fast as its socket takes them, and not faster: what the kernel drops would test nothing. */
import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Looked at after each burst. */
const BURST = 32
const QUEUE_MAX_OCTETS = 64 * 1024

export interface ReceiveQueue {
  readonly waitingOctets: number
  readonly dropped: number
}

/** Of the socket on ::1 with this port, as the kernel counts. */
export function receiveQueue(port: number): ReceiveQueue {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const line of readFileSync('/proc/net/udp6', 'latin1').split('\n')) {
    const fields = line.trim().split(/\s+/)
    if (fields[1]?.endsWith(local) !== true) continue
    return { waitingOctets: Number.parseInt(fields[4]?.split(':')[1] ?? '0', 16), dropped: Number(fields[12]) }
  }
  return { waitingOctets: 0, dropped: 0 }
}

export class DatagramFlood {
  readonly #socket: Socket
  #sentSinceLook = 0

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static async open(): Promise<DatagramFlood> {
    const socket = createSocket('udp6')
    socket.on('error', () => undefined)
    // What comes back is for clients that do not exist.
    socket.on('message', () => undefined)
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
    return new DatagramFlood(socket)
  }

  async send(port: number, bytes: Uint8Array): Promise<void> {
    this.#socket.send(bytes, port, '::1', () => undefined)
    this.#sentSinceLook += 1
    if (this.#sentSinceLook < BURST) return
    this.#sentSinceLook = 0
    await nextTurn()
    while (receiveQueue(port).waitingOctets > QUEUE_MAX_OCTETS) await delay(2)
  }

  close(): void {
    this.#socket.close()
  }
}
