/** One seed: a pair, clients and faults drawn from it, watched by every checker until both servers agree again. */
import type { DeliberateBug } from '@tandem/engine/simulation'
import type { Violation } from '../checkers/checker.ts'
import { watchWithAll } from '../checkers/checkers.ts'
import { skewClocks } from '../faults/clock-skew.ts'
import { faults } from '../faults/faults.ts'
import { Transcript } from '../scenario/transcript.ts'
import type { PairSettings } from '../world/pair-configuration.ts'
import { Random } from '../world/random.ts'
import { World, type History } from '../world/world.ts'
import { Waylayer } from './ambush.ts'
import { watchCoverage } from './coverage.ts'
import { Drainer, isDrained } from './drainer.ts'
import { drawRun, type DrawnRun } from './draw-settings.ts'
import { FaultSchedule, type ScheduleScene, type WeighedFault } from './fault-schedule.ts'
import { settle } from './settle.ts'
import { Skirmish, SKIRMISH_LENGTH, SKIRMISH_STARTS_WITHIN_MS } from './skirmish.ts'
import { Visitors } from './visitors.ts'

export interface RunOptions {
  readonly seed: number
  readonly bug?: DeliberateBug | undefined
  /** In place of what the seed draws. */
  readonly settings?: Partial<PairSettings>
  /** One violation of this checker is enough: the rest of the seed is not played. */
  readonly untilCaughtBy?: string
  /** A run ends after so many things that happened; by itself it is 20,000. */
  readonly actsMax?: number
  /** Costs more than the run itself. */
  readonly transcript?: boolean
}

export interface Verdict {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly faultCounts: ReadonlyMap<string, number>
  /** What was reached, and how often: `area: what`. */
  readonly reached: ReadonlyMap<string, number>
  readonly leasesHeld: number
  readonly clientCount: number
  /** Things that happened: arrivals, commits, deadlines, acts of clients and operators. */
  readonly acts: number
  readonly simulatedSeconds: number
  /** Empty unless it was asked for. */
  readonly transcript: readonly string[]
}

/** A seed is so long, whichever comes first. */
export const ACTS_MAX = 20_000
export const SECONDS_MAX = 48 * 3600
const STARTS_WITHIN_MS = 8_000
/** The network keeps no datagram longer. */
const DATAGRAM_LIFE_MS = 4_000
/** How many faults a run expects; few are begun for nothing, so nine runs in ten see more than ten. */
const FAULTS_EXPECTED: readonly [number, number] = [24, 80]

export function runWorld(options: RunOptions): Verdict {
  // Choices come from a source of their own: what is switched off does not change what else is drawn.
  const random = new Random(options.seed ^ 0x5eed)
  const { settings, clientCount, history, manner } = drawRun(random, options.seed)
  const drainer = isDrained(options.seed) ? new Drainer(options.seed) : undefined
  const world = new World({
    seed: options.seed,
    settings: { ...settings, ...drainer?.settings, ...options.settings },
    history,
    bug: options.bug,
    quietAfterReleaseMs: DATAGRAM_LIFE_MS,
  })
  const violations: Violation[] = []
  const transcript = options.transcript === true ? new Transcript(world) : undefined
  const reached = new Map<string, number>()
  const reach = (what: string): void => {
    reached.set(what, (reached.get(what) ?? 0) + 1)
  }
  let leasesHeld = 0
  if (transcript !== undefined) world.observe(transcript)
  watchWithAll(world, violations)
  world.observe({
    held: () => {
      leasesHeld += 1
    },
  })
  world.observe(watchCoverage(world, reach))
  const note = (line: string): void => transcript?.note(`* ${line}`)
  const visitors = new Visitors(world, random)
  visitors.add(clientCount)
  drainer?.begin(world, reach)
  const scene = { world, random, note, reach }
  const schedule = new FaultSchedule(scene, drawFaults(random, history), random.between(...FAULTS_EXPECTED))
  if (random.chance(0.5)) skewClocks(world, random)
  const isOver = (): boolean => violations.some(({ checker }) => checker === options.untilCaughtBy)
  const advance = mannerOf(manner, scene, schedule)
  const isSkirmish = manner === 'skirmish'
  const actsMax = (isSkirmish ? SKIRMISH_LENGTH : 1) * (options.actsMax ?? ACTS_MAX)
  const isPrimaryFirst = isSkirmish && random.chance(0.5)
  const startsWithinMs = isSkirmish ? SKIRMISH_STARTS_WITHIN_MS : STARTS_WITHIN_MS
  live({ world, random, schedule, advance, isPrimaryFirst, startsWithinMs, actsMax, isOver })
  note('all faults have ended')
  if (!isOver()) settle(world, visitors, (checker, text) => violations.push({ checker, atMs: world.elapsedMs, text }))
  return {
    seed: options.seed,
    violations,
    faultCounts: schedule.counts,
    reached,
    leasesHeld,
    clientCount,
    acts: world.schedule.actCount,
    simulatedSeconds: Math.round(world.elapsedMs / 1000),
    transcript: transcript?.take() ?? [],
  }
}

/** Some faults are switched off, and the rest weighed wildly. */
function drawFaults(random: Random, history: History): readonly WeighedFault[] {
  const possible = faults.filter(
    ({ weight, isOperatorError }) => weight > 0 && (isOperatorError !== true || history === 'operator-error'),
  )
  const chosen = possible.flatMap((fault) => {
    const isOn = random.chance(fault.isOperatorError === true ? 0.8 : 0.6)
    const weight = fault.weight * (random.pick([0.1, 1, 1, 10]) ?? 1)
    return isOn ? [{ fault, weight }] : []
  })
  return chosen.length > 0 ? chosen : possible.map((fault) => ({ fault, weight: fault.weight }))
}

/** What is asked after each thing that happens; it is told how much of the run is over. */
type Advance = (progress: number) => void

function mannerOf(manner: DrawnRun['manner'], scene: ScheduleScene, schedule: FaultSchedule): Advance {
  if (manner === 'quiet') return (progress) => schedule.advance(progress)
  if (manner === 'skirmish') {
    const skirmish = new Skirmish(scene, schedule)
    return (progress) => skirmish.advance(progress)
  }
  const waylayer = new Waylayer(scene, schedule, manner)
  return (progress) => {
    schedule.advance(progress)
    waylayer.advance(progress)
  }
}

interface Life {
  readonly world: World
  readonly random: Random
  readonly schedule: FaultSchedule
  readonly advance: Advance
  readonly isPrimaryFirst: boolean
  /** The second of them after the first. */
  readonly startsWithinMs: number
  readonly actsMax: number
  readonly isOver: () => boolean
}

function live({ world, random, schedule, advance, isPrimaryFirst, startsWithinMs, actsMax, isOver }: Life): void {
  const [first, then] = isPrimaryFirst ? [world.primary, world.secondary] : [world.secondary, world.primary]
  first.start()
  world.schedule.after(random.between(0, startsWithinMs), () => {
    then.start()
  })
  const until = world.schedule.now + SECONDS_MAX * 1000
  for (;;) {
    const progress = Math.max(world.schedule.actCount / actsMax, world.elapsedMs / 1000 / SECONDS_MAX)
    if (progress >= 1 || isOver() || !world.schedule.step(until)) break
    advance(progress)
  }
  schedule.end()
}
