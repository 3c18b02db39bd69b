/** Counts failover messages by relationship, direction and type; of a connection that may be for several, once CONNECT has said for which. */
import type { ConnectionId } from '@tandem/engine'
import { decodeStreamMessage, findOption, MessageType, messageTypeName, relationshipNameOption } from '@tandem/protocol'

export interface PartnerMessageCount {
  readonly relationship: string
  readonly direction: 'received' | 'sent'
  /** For example BNDUPD. */
  readonly type: string
  readonly count: number
}

/** Octets of the size that stands before a frame that is sent. */
const SIZE_OCTETS = 2

type Counts = Map<number, number>

interface Tally {
  readonly received: Counts
  readonly sent: Counts
}

interface Connection {
  /** Relationships that it may be for. */
  readonly candidates: readonly string[]
  tally: Tally
  isKnown: boolean
}

export class PartnerMessageCounts {
  readonly #totals = new Map<string, Tally>()
  readonly #connections = new Map<ConnectionId, Connection>()

  opened(connection: ConnectionId, candidates: readonly string[]): void {
    const [only] = candidates
    const isKnown = only !== undefined && candidates.length === 1
    this.#connections.set(connection, { candidates, tally: isKnown ? this.#totalOf(only) : emptyTally(), isKnown })
  }

  /** `message` without its size. */
  received(connection: ConnectionId, message: Uint8Array): void {
    const known = this.#connections.get(connection)
    const type = message[0]
    if (known === undefined || type === undefined) return
    count(known.tally.received, type)
    if (!known.isKnown && type === MessageType.Connect) this.#assign(known, message)
  }

  /** `frame` with its size. */
  sent(connection: ConnectionId, frame: Uint8Array): void {
    const known = this.#connections.get(connection)
    const type = frame[SIZE_OCTETS]
    if (known !== undefined && type !== undefined) count(known.tally.sent, type)
  }

  ended(connection: ConnectionId): void {
    this.#connections.delete(connection)
  }

  read(): readonly PartnerMessageCount[] {
    return [...this.#totals].flatMap(([relationship, tally]) =>
      (['received', 'sent'] as const).flatMap((direction) =>
        [...tally[direction]].map(([type, number]) => ({
          relationship,
          direction,
          type: messageTypeName(type),
          count: number,
        })),
      ),
    )
  }

  #assign(connection: Connection, connect: Uint8Array): void {
    const decoded = decodeStreamMessage(connect)
    if (!decoded.ok) return
    const name = findOption(decoded.value.options, relationshipNameOption)
    if (name === undefined || !connection.candidates.includes(name)) return
    const total = this.#totalOf(name)
    for (const direction of ['received', 'sent'] as const) {
      for (const [type, number] of connection.tally[direction]) count(total[direction], type, number)
    }
    connection.tally = total
    connection.isKnown = true
  }

  #totalOf(relationship: string): Tally {
    const total = this.#totals.get(relationship) ?? emptyTally()
    this.#totals.set(relationship, total)
    return total
  }
}

const emptyTally = (): Tally => ({ received: new Map(), sent: new Map() })

function count(counts: Counts, type: number, number = 1): void {
  counts.set(type, (counts.get(type) ?? 0) + number)
}
