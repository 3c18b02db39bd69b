/** The main thread's face of the data plane: commands in, answers and published views out. */
import type { Command, CommandResult, EngineSnapshot, Notice } from '@tandem/engine'
import type { EventCounts } from './event-counts.ts'
import type { PartnerMessageCount } from './partner-message-counts.ts'

/** Counted by the adapters of the data plane since the process started. */
export interface DataPlaneCounters {
  readonly datagramsReceived: number
  readonly datagramsSent: number
  /** By reason; the engine's reasons and the adapters' own (`inbox-full`, `inbox-too-old`, `storage-fails`, `answer-too-old`). */
  readonly datagramsUnanswered: Readonly<Record<string, number>>
  /** By message type, for example SOLICIT or REPLY. */
  readonly receivedByType: Readonly<Record<string, number>>
  readonly sentByType: Readonly<Record<string, number>>
  readonly framesReceived: number
  readonly framesSent: number
  readonly framesMalformed: number
  /** Of connections whose relationship is known. */
  readonly partnerMessages: readonly PartnerMessageCount[]
  readonly commits: number
  readonly commitLatencyMsMedian: number
  readonly commitLatencyMsMax: number
  /** Of all commits: how many took so long or less, and all of them together. */
  readonly commitLatency: {
    readonly sumMs: number
    readonly buckets: readonly { readonly upToMs: number; readonly count: number }[]
  }
  readonly events: EventCounts
}

/** The certificates of one failover connection over TLS. */
export interface PartnerCertificates {
  readonly relationship: string
  /** In force; undefined: none could ever be read. */
  readonly own: CertificateFacts | undefined
  /** As the partner last showed it; undefined: no connection yet. */
  readonly partner: CertificateFacts | undefined
  /** Why the files that lie there now cannot be used. */
  readonly problem: string | undefined
}

export interface CertificateFacts {
  readonly names: readonly string[]
  readonly endsAtMs: number
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint: string
}

/** Only released facts: everything in it is durable. */
export interface PublishedView {
  /** Commit number up to which this view is true. */
  readonly commitNumber: number
  readonly publishedAtMs: number
  readonly snapshot: EngineSnapshot
  readonly counters: DataPlaneCounters
  /** One for each relationship over TLS. */
  readonly certificates: readonly PartnerCertificates[]
}

export interface PublishedNotice {
  readonly commitNumber: number
  readonly atMs: number
  readonly notice: Notice
}

/** Storage fails: a command could not be made durable, and would be carried out only when nobody thinks of it any more. */
export class EngineSilent extends Error {
  override readonly name = 'EngineSilent'
}

export interface EngineService {
  /** Latest published view; the first is there before the server says that it is ready. */
  view(): PublishedView
  /** Settles when the answer has been released, that is, after its commit. Rejects with EngineSilent, or when the data plane is gone. */
  command(commandId: string, operator: string, command: Command): Promise<CommandResult>
  /**
   * Settles with true once lists show all that had been promised when it was called; with false where that takes longer.
   * The tables follow the commits (decision 0087).
   */
  untilListsShow(withinMs: number): Promise<boolean>
  /** Returns the function that ends the subscription. */
  onView(listener: (view: PublishedView) => void): () => void
  onNotices(listener: (notices: readonly PublishedNotice[]) => void): () => void
}
