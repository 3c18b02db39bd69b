/** A store, outlets and an engine under a test's control, to show in which order the driver calls them. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { instant, type CommandResult, type Effects, type EngineEvent, type Instant, type Output } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import type { Commit, CommitOutcome, CommitStore } from '../../storage/commit.ts'
import type { Outlets } from '../outlets.ts'
import type { Clock } from '../steady-clock.ts'

export class FakeClock implements Clock {
  #nowMs = 1_795_232_000_000

  now(): Instant {
    return instant(this.#nowMs)
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** Settles a commit only when the test says so, or at once. */
export class FakeStore implements CommitStore {
  readonly commits: Commit[] = []
  readonly #journal: string[]
  #settle: ((outcome: CommitOutcome) => void) | undefined
  answersAtOnce = true
  nextFailures: Extract<CommitOutcome, { ok: false }>[] = []

  constructor(journal: string[]) {
    this.#journal = journal
  }

  get isCommitting(): boolean {
    return this.#settle !== undefined
  }

  commit(commit: Commit): Promise<CommitOutcome> {
    this.commits.push(commit)
    const failure = this.nextFailures.shift()
    if (failure !== undefined) return Promise.resolve(failure)
    return new Promise((resolve) => {
      this.#settle = resolve
      if (this.answersAtOnce) this.finish()
    })
  }

  finish(outcome?: CommitOutcome): void {
    const commit = this.commits.at(-1)
    const settle = this.#settle
    if (commit === undefined || settle === undefined) throw new Error('no commit runs')
    this.#settle = undefined
    this.#journal.push(`committed ${commit.number}`)
    settle(outcome ?? { ok: true, receipt: { number: commit.number, runningUntilMs: commit.runningUntilMs } })
  }
}

export function fakeOutlets(journal: string[]): Outlets {
  return {
    sendDatagram: (output) => journal.push(`datagram ${output.to.port}`),
    dial: (output) => journal.push(`dial ${output.relationship}`),
    secure: (output) => journal.push(`secure ${output.connection}`),
    sendFrame: (output) => journal.push(`frame ${output.connection}`),
    closeStream: (output) => journal.push(`close ${output.connection}`),
    closeAllStreams: () => journal.push('close all'),
    answerCommand: (commandId: string, result: CommandResult) => journal.push(`answer ${commandId} ${result.ok}`),
    tell: (commitNumber, notices) => journal.push(`notices ${notices.length} of ${commitNumber}`),
  }
}

/** What the engine shall answer to a datagram from this port: a change and a REPLY, or whatever the test puts here. */
export class ScriptedEngine {
  readonly handled: EngineEvent[] = []
  /** The moment as of which each of them was handled. */
  readonly moments: Instant[] = []
  whileHandling: () => void = () => undefined
  readonly #journal: string[]
  answer: (event: EngineEvent) => Effects = replyWithChange

  constructor(journal: string[]) {
    this.#journal = journal
  }

  handle(event: EngineEvent, now: Instant): Effects {
    this.handled.push(event)
    this.moments.push(now)
    this.whileHandling()
    this.#journal.push(`handled ${event.kind === 'datagram-received' ? event.from.port : event.kind}`)
    return this.answer(event)
  }

  nextDeadline(): undefined {
    return undefined
  }
}

export function replyWithChange(event: EngineEvent): Effects {
  if (event.kind === 'command-received') {
    return event.command.kind === 'shut-down' ? effects([{ kind: 'shut-down-complete' }]) : effects([])
  }
  if (event.kind !== 'datagram-received') return effects([])
  return { ...effects([sendDatagram(event.from.port, MessageType.Reply)]), commit: [auditOf(event.from.port)] }
}

export function effects(afterCommit: readonly Output[], commit: Effects['commit'] = []): Effects {
  return { commit, afterCommit, notices: [] }
}

export function sendDatagram(port: number, messageType: number): Output {
  return {
    kind: 'send-datagram',
    listenerId: 'l',
    to: { address: '::1', port },
    bytes: new Uint8Array([messageType, 0, 0, 1]),
    requestArrivedAt: instant(0),
  }
}

export function auditOf(port: number): Effects['commit'][number] {
  return {
    kind: 'audit-added',
    audit: {
      at: instant(0),
      operator: 'o',
      action: 'a',
      target: String(port),
      reason: '',
      commandId: '',
      outcome: 'done',
      detail: '',
    },
  }
}

export function datagram(port: number, arrivedAt: Instant, messageType: number = MessageType.Request): EngineEvent {
  return {
    kind: 'datagram-received',
    listenerId: 'l',
    from: { address: '::1', port },
    bytes: new Uint8Array([messageType, 0, 0, 1]),
    arrivedAt,
  }
}

/** Lets everything that waits for a promise go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn()
}
