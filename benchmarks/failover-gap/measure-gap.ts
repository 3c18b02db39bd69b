/** One repeat: a pair started anew, clients that begin all the time, a failure, and how long they waited. */
import { setTimeout as delay } from 'node:timers/promises'
import { residentMegabytesOf } from '../harness/process-cost.ts'
import { buildBenchLink, type BenchLink } from '../leases-per-second/bench-link.ts'
import { monotonicMs } from './client-event.ts'
import type { ClientRecord } from './client-records.ts'
import type { FailingPair, RunningPair } from './failing-pair.ts'
import type { FailureKind } from './failures.ts'
import { gapFigures, startedAfter, wrongBefore, type Failure, type GapFigures } from './gap-figures.ts'
import { startClients, type RunningClients } from './running-clients.ts'

/** Clients begin so long before the failure, and so long after both kinds are answered again. */
const LEAD_SECONDS = 3
const TAIL_SECONDS = 3
/** A client that starts just before the clients end gets so long for its answer. */
const LAST_ANSWER_SECONDS = 1
const LOOK_EVERY_MS = 200

export interface GapPlan {
  readonly folder: string
  readonly failure: FailureKind
  readonly newPerSecond: number
  readonly rebindingPerSecond: number
  /** In the table at least, before the failure. */
  readonly leases: number
  /** For the client that started at the moment of the failure; who is not answered by then waited in vain. */
  readonly limitSeconds: number
}

export interface GapRepeat {
  readonly contestant: string
  readonly failure: string
  readonly limitSeconds: number
  /** From the failure to the first change of the survivor's state; undefined: it changed none. */
  readonly tookOverAfterMs: number | undefined
  /** How long it took to bring the failure about: part of every figure. */
  readonly strikeMs: number
  /** Of the active server, right before the failure. The kernel frees it before it closes the connections of a killed process. */
  readonly residentMegabytes: number
  readonly newClients: GapFigures
  readonly rebindingClients: GapFigures
}

/** What `wrongBefore` found: nothing of the failure can be read out of this repeat. */
export class NotWholeBefore extends Error {}

export async function measureGap(pair: FailingPair, plan: GapPlan): Promise<GapRepeat> {
  const link = buildBenchLink()
  try {
    const running = await pair.start(link, plan.folder)
    try {
      const clients = await startClients(link)
      try {
        return await fail({ link, pair, running, clients, plan })
      } finally {
        clients.end()
      }
    } finally {
      await running.stop()
    }
  } finally {
    link.remove()
  }
}

interface Scene {
  readonly link: BenchLink
  readonly pair: FailingPair
  readonly running: RunningPair
  readonly clients: RunningClients
  readonly plan: GapPlan
}

async function fail({ link, pair, running, clients, plan }: Scene): Promise<GapRepeat> {
  const { failure, newPerSecond, rebindingPerSecond, leases, limitSeconds } = plan
  const { records } = clients
  const rebinding = Math.ceil(rebindingPerSecond * (LEAD_SECONDS + pair.gapMaxSeconds + TAIL_SECONDS))
  await clients.hold(Math.max(rebinding, leases))
  await running.settle()
  await delay(Math.random() * pair.periodSeconds * 1000)
  clients.begin(newPerSecond, rebindingPerSecond)
  const strike = await failure.prepare(running.active, link)
  await delay(LEAD_SECONDS * 1000)

  const residentMegabytes = Math.round(residentMegabytesOf(running.active.pid))
  const [wallMs, atMs] = [Date.now(), monotonicMs()]
  await strike()
  const strikeMs = monotonicMs() - atMs
  const [server = ''] = records.holderServers
  const wrong = wrongBefore(records.all(), records.holderServers, atMs)
  if (wrong !== undefined) throw new NotWholeBefore(`${pair.name}: ${wrong}`)

  const failed: Failure = { atMs, server }
  await untilBack(clients, failed, limitSeconds)
  const tookOverAtMs = await running.tookOverAtMs(wallMs)
  const figuresOf = (kind: ClientRecord['kind']): GapFigures => gapFigures(ofKind(records.all(), kind), failed)
  return {
    contestant: pair.name,
    failure: failure.key,
    limitSeconds,
    tookOverAfterMs: tookOverAtMs === undefined ? undefined : tookOverAtMs - wallMs,
    strikeMs,
    residentMegabytes,
    newClients: figuresOf('new'),
    rebindingClients: figuresOf('rebinding'),
  }
}

/** Clients begin until both kinds are answered again; the clients of the moment are waited for, up to the limit. */
async function untilBack(clients: RunningClients, failure: Failure, limitSeconds: number): Promise<void> {
  const { records } = clients
  const endsAtMs = failure.atMs + limitSeconds * 1000
  const untilBoth = async (field: 'firstAnswer' | 'clientOfTheMoment'): Promise<void> => {
    const isThere = (kind: ClientRecord['kind']): boolean => {
      const ours = ofKind(records.all(), kind)
      return startedAfter(ours, failure).length > 0 && gapFigures(ours, failure)[field] !== undefined
    }
    while (monotonicMs() < endsAtMs && !(isThere('new') && isThere('rebinding'))) await delay(LOOK_EVERY_MS)
  }
  await untilBoth('firstAnswer')
  await delay(TAIL_SECONDS * 1000)
  clients.drain()
  await delay(LAST_ANSWER_SECONDS * 1000)
  await untilBoth('clientOfTheMoment')
}

function ofKind(records: readonly ClientRecord[], kind: ClientRecord['kind']): readonly ClientRecord[] {
  return records.filter((record) => record.kind === kind)
}
