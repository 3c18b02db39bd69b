/** Counts what the data plane receives, sends, drops and commits since the process started. */
import type { ConnectionId, Notice } from '@tandem/engine'
import { messageTypeName, peekMessageType } from '@tandem/protocol'
import type { DataPlaneCounters } from './engine-service.ts'
import { EventCounter } from './event-counts.ts'
import { PartnerMessageCounts } from './partner-message-counts.ts'

/** The latest commits that median and maximum are taken of. */
const LATENCIES_MAX = 1024

/** Upper bounds of the buckets that commits are counted in. */
const COMMIT_BUCKETS_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500] as const

export class DataPlaneMeters {
  readonly #unanswered = new Map<string, number>()
  readonly #receivedByType = new Map<string, number>()
  readonly #sentByType = new Map<string, number>()
  readonly #latenciesMs: number[] = []
  readonly #events = new EventCounter()
  readonly #partnerMessages = new PartnerMessageCounts()
  /** Each commit in its own bucket only; those beyond the last one in none. */
  readonly #commitBuckets: number[] = COMMIT_BUCKETS_MS.map(() => 0)
  #commitMs = 0
  #datagramsReceived = 0
  #datagramsSent = 0
  #framesReceived = 0
  #framesSent = 0
  #framesMalformed = 0
  #commits = 0

  datagramReceived(messageType: number | undefined): void {
    this.#datagramsReceived += 1
    add(this.#receivedByType, messageType === undefined ? 'unreadable' : messageTypeName(messageType))
  }

  datagramSent(bytes: Uint8Array): void {
    this.#datagramsSent += 1
    const type = peekMessageType(bytes)?.type
    add(this.#sentByType, type === undefined ? 'unreadable' : messageTypeName(type))
  }

  unanswered(reason: string): void {
    add(this.#unanswered, reason)
  }

  /** `relationships`: those that the connection may be for. */
  connectionOpened(connection: ConnectionId, relationships: readonly string[]): void {
    this.#partnerMessages.opened(connection, relationships)
  }

  connectionEnded(connection: ConnectionId): void {
    this.#partnerMessages.ended(connection)
  }

  /** Without its size, as the engine gets it. */
  frameReceived(connection: ConnectionId, message: Uint8Array): void {
    this.#framesReceived += 1
    this.#partnerMessages.received(connection, message)
  }

  /** With its size, as it goes out. */
  frameSent(connection: ConnectionId, frame: Uint8Array): void {
    this.#framesSent += 1
    this.#partnerMessages.sent(connection, frame)
  }

  committed(latencyMs: number): void {
    this.#latenciesMs[this.#commits % LATENCIES_MAX] = latencyMs
    this.#commits += 1
    this.#commitMs += latencyMs
    const bucket = COMMIT_BUCKETS_MS.findIndex((bound) => latencyMs <= bound)
    if (bucket !== -1) this.#commitBuckets[bucket] = (this.#commitBuckets[bucket] ?? 0) + 1
  }

  noticed(notice: Notice): void {
    this.#events.noticed(notice)
    if (notice.kind === 'datagram-unanswered') this.unanswered(notice.reason)
    if (notice.kind === 'frame-malformed') this.#framesMalformed += 1
  }

  read(): DataPlaneCounters {
    const latencies = this.#latenciesMs.toSorted((a, b) => a - b)
    return {
      datagramsReceived: this.#datagramsReceived,
      datagramsSent: this.#datagramsSent,
      datagramsUnanswered: Object.fromEntries(this.#unanswered),
      receivedByType: Object.fromEntries(this.#receivedByType),
      sentByType: Object.fromEntries(this.#sentByType),
      framesReceived: this.#framesReceived,
      framesSent: this.#framesSent,
      framesMalformed: this.#framesMalformed,
      partnerMessages: this.#partnerMessages.read(),
      commits: this.#commits,
      commitLatencyMsMedian: latencies[Math.floor(latencies.length / 2)] ?? 0,
      commitLatencyMsMax: latencies.at(-1) ?? 0,
      commitLatency: { sumMs: this.#commitMs, buckets: this.#readCommitBuckets() },
      events: this.#events.read(),
    }
  }

  #readCommitBuckets(): DataPlaneCounters['commitLatency']['buckets'] {
    let count = 0
    return COMMIT_BUCKETS_MS.map((upToMs, index) => {
      count += this.#commitBuckets[index] ?? 0
      return { upToMs, count }
    })
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
