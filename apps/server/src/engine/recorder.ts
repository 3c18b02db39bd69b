/** Gathers from released notices what explains, after the replies have left, and hands it to storage in bounded pieces (decision 0074). */
import type { Notice } from '@tandem/engine'
import type { DecisionRecord, LeaseChangeRecord, RecordBatch } from '../storage/record-batch.ts'

/** Beyond so many waiting changes the newest are dropped and counted: history must not eat the memory of the service. */
export const WAITING_CHANGES_MAX = 100_000
/** At least so many in one piece; more when many wait, so that a busy server catches up. */
const CHANGES_PER_PIECE_MIN = 256
const CATCH_UP_SHARE = 20
/** Decisions that are alike become one record a minute; the first of them is shown soon. */
export const WINDOW_MS = 60_000
const FIRST_WINDOW_MS = 5_000
/** Different ones that are told apart at a time; what goes beyond shares one record for each kind. */
export const ALIKE_MAX = 500
/** Of texts that come from the network. */
const TEXT_MAX = 300

interface Window {
  untilMs: number
  record: DecisionRecord | undefined
}

type Gathered = Omit<DecisionRecord, 'firstAtMs' | 'lastAtMs' | 'count' | 'commitNumber'>

export class Recorder {
  readonly #send: (batch: RecordBatch) => void
  readonly #changes: LeaseChangeRecord[] = []
  readonly #windows = new Map<string, Window>()
  #dropped = 0

  constructor(send: (batch: RecordBatch) => void) {
    this.#send = send
  }

  /** Changes of leases that went unrecorded because too many waited. */
  get dropped(): number {
    return this.#dropped
  }

  note(commitNumber: number, notice: Notice, nowMs: number): void {
    if (notice.kind === 'lease-changed') {
      if (this.#changes.length >= WAITING_CHANGES_MAX) {
        this.#dropped += 1
        return
      }
      const { lease, from, to, cause, clientDuid, expiresAt: expiresAtMs } = notice
      this.#changes.push({ lease, atMs: nowMs, from, to, cause, clientDuid, expiresAtMs, commitNumber })
      return
    }
    const gathered = gather(notice)
    if (gathered !== undefined) this.#count(gathered, commitNumber, nowMs)
  }

  /** Called several times a second. */
  flush(nowMs: number): void {
    const piece = Math.max(CHANGES_PER_PIECE_MIN, Math.ceil(this.#changes.length / CATCH_UP_SHARE))
    this.#hand(
      this.#changes.splice(0, piece),
      this.#takeDecisions((window) => window.untilMs <= nowMs, nowMs),
    )
  }

  /** The last words before the end. */
  flushAll(nowMs: number): void {
    this.#hand(
      this.#changes.splice(0),
      this.#takeDecisions(() => true, nowMs),
    )
  }

  #hand(leaseChanges: readonly LeaseChangeRecord[], decisions: readonly DecisionRecord[]): void {
    if (leaseChanges.length + decisions.length > 0) this.#send({ leaseChanges, decisions })
  }

  #count(gathered: Gathered, commitNumber: number, nowMs: number): void {
    const own = keyOf(gathered)
    const isKnown = this.#windows.has(own) || this.#windows.size < ALIKE_MAX
    const key = isKnown ? own : `${gathered.kind} others`
    let window = this.#windows.get(key)
    if (window === undefined) {
      window = { untilMs: nowMs + FIRST_WINDOW_MS, record: undefined }
      this.#windows.set(key, window)
    }
    const before = window.record
    window.record =
      before === undefined
        ? { ...gathered, firstAtMs: nowMs, lastAtMs: nowMs, count: 1, commitNumber }
        : { ...before, lastAtMs: nowMs, count: before.count + 1, commitNumber }
  }

  #takeDecisions(isOver: (window: Window) => boolean, nowMs: number): readonly DecisionRecord[] {
    const taken: DecisionRecord[] = []
    for (const [key, window] of this.#windows) {
      if (!isOver(window)) continue
      // A window without anything in it ends the series: the next of its kind is news again.
      if (window.record === undefined) this.#windows.delete(key)
      else taken.push(window.record)
      window.record = undefined
      window.untilMs = nowMs + WINDOW_MS
    }
    return taken
  }
}

const nothing = { relationship: undefined, subnetId: undefined, lease: undefined, clientDuid: undefined }

/** Undefined: nothing that needs a record here. State transitions and commands are part of their commit. */
function gather(notice: Notice): Gathered | undefined {
  if (notice.kind === 'datagram-unanswered') {
    const { relationship, clientDuid, messageType, reason, rule, inputs } = notice
    const detail = short(notice.detail)
    return { ...nothing, kind: 'no-answer', relationship, clientDuid, messageType, reason, detail, rule, inputs }
  }
  if (notice.kind === 'allocation-failed') {
    const { subnetId, clientDuid, rule, inputs } = notice
    const told = { reason: `no-${notice.leaseKind}`, detail: short(notice.reason), messageType: undefined }
    return { ...nothing, ...told, kind: 'allocation-failed', subnetId, clientDuid, rule, inputs }
  }
  if (notice.kind === 'update-rejected') {
    const { relationship, lease, rule, inputs } = notice
    const told = { reason: `by-${notice.by}-status-${notice.statusCode}`, detail: short(notice.detail) }
    return { ...nothing, ...told, kind: 'update-rejected', messageType: 'BNDUPD', relationship, lease, rule, inputs }
  }
  return undefined
}

/** Never what a client may choose freely: else it could make as many records as it likes. */
function keyOf({ kind, relationship, subnetId, lease, messageType, reason, rule }: Gathered): string {
  return [kind, relationship, subnetId, lease, messageType, reason, rule].join(' ')
}

function short(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`
}
