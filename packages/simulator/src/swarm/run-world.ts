/** One seed: a pair, clients and faults drawn from it, watched by every checker until both servers agree again. */
import type { DeliberateBug } from '@tandem/engine/simulation'
import type { Violation } from '../checkers/checker.ts'
import { watchWithAll } from '../checkers/checkers.ts'
import { tableDifferences } from '../checkers/tables-agree.ts'
import { skewClocks } from '../faults/clock-skew.ts'
import { faults } from '../faults/faults.ts'
import { Transcript } from '../scenario/transcript.ts'
import type { PairSettings } from '../world/pair-configuration.ts'
import { Random } from '../world/random.ts'
import { World } from '../world/world.ts'
import { FaultSchedule } from './fault-schedule.ts'
import { Visitors } from './visitors.ts'

export interface RunOptions {
  readonly seed: number
  readonly bug?: DeliberateBug | undefined
  /** In place of what the seed draws. */
  readonly settings?: Partial<PairSettings>
  /** One violation of this checker is enough: the rest of the seed is not played. */
  readonly untilCaughtBy?: string
  /** How long faults come and go. */
  readonly faultSeconds?: number
}

export interface Verdict {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly faultCounts: ReadonlyMap<string, number>
  /** `STATE -> STATE` of either server. */
  readonly transitions: ReadonlySet<string>
  readonly leasesHeld: number
  readonly simulatedSeconds: number
  readonly transcript: readonly string[]
}

const FAULT_SECONDS = 600
const QUIET_STEP_MS = 1_000
/** Beyond MCLT: start-up, reconnecting, stalls that are only noticed by silence, and an update round. */
const REJOIN_SECONDS = 180

export function runWorld(options: RunOptions): Verdict {
  // Choices come from a source of their own: what is switched off does not change what else is drawn.
  const random = new Random(options.seed ^ 0x5eed)
  const world = new World({
    seed: options.seed,
    settings: { ...drawSettings(random, options.seed), ...options.settings },
    bug: options.bug,
  })
  const violations: Violation[] = []
  const transcript = new Transcript(world)
  const transitions = new Set<string>()
  let leasesHeld = 0
  world.observe(transcript)
  watchWithAll(world, violations)
  world.observe({
    held: () => {
      leasesHeld += 1
    },
    decided: (_server, _event, effects) => {
      for (const change of effects.commit) {
        if (change.kind === 'transition-added') transitions.add(`${change.transition.from} -> ${change.transition.to}`)
      }
    },
  })
  const isOver = (): boolean => violations.some(({ checker }) => checker === options.untilCaughtBy)
  const faultCounts = live(world, random, transcript, violations, options.faultSeconds ?? FAULT_SECONDS, isOver)
  return {
    seed: options.seed,
    violations,
    faultCounts,
    transitions,
    leasesHeld,
    simulatedSeconds: Math.round(world.elapsedMs / 1000),
    transcript: transcript.take(),
  }
}

function live(
  world: World,
  random: Random,
  transcript: Transcript,
  violations: Violation[],
  faultSeconds: number,
  isOver: () => boolean,
): ReadonlyMap<string, number> {
  const schedule = new FaultSchedule({
    world,
    random,
    note: (line) => {
      transcript.note(`* ${line}`)
    },
  })
  const visitors = new Visitors(world, random)
  if (random.chance(0.5)) skewClocks(world, random)
  visitors.add(random.between(3, 12))
  for (const fault of faults) if (random.chance(0.6)) schedule.add(fault, random.pick([0.3, 1, 3]) ?? 1)
  world.secondary.start()
  world.schedule.after(random.between(0, 8000), () => {
    world.primary.start()
  })
  const faultsUntil = world.schedule.now + faultSeconds * 1000
  if (world.runUntil(isOver, faultSeconds * 1000)) return schedule.counts
  world.run(faultsUntil - world.schedule.now)
  schedule.end()
  transcript.note('* all faults have ended')
  settle(world, visitors, (checker, text) => violations.push({ checker, atMs: world.elapsedMs, text }))
  return schedule.counts
}

/** Both must agree while clients come and go, and every lease must come back once they are gone. */
function settle(world: World, visitors: Visitors, report: (checker: string, text: string) => void): void {
  const { mcltSeconds, validSeconds } = world.settings
  if (!quiet(world, mcltSeconds + REJOIN_SECONDS, () => world.areBothNormal && tableDifferences(world).length === 0)) {
    const states = world.servers.map((server) => `${server.name} ${world.stateOf(server) ?? 'down'}`)
    report('tables-agree', [...states, ...tableDifferences(world)].join('; '))
    return
  }
  visitors.end()
  if (!quiet(world, 3 * validSeconds + mcltSeconds + REJOIN_SECONDS, () => countTaken(world) === 0)) {
    report('tables-agree', `${countTaken(world)} records of leases are not available long after the last client left`)
  } else if (!quiet(world, REJOIN_SECONDS, () => world.areBothNormal && tableDifferences(world).length === 0)) {
    report('tables-agree', ['after all clients left', ...tableDifferences(world)].join('; '))
  }
}

function quiet(world: World, atMostSeconds: number, isReached: () => boolean): boolean {
  for (let second = 0; second < atMostSeconds; second += 1) {
    if (isReached()) return true
    world.run(QUIET_STEP_MS)
  }
  return isReached()
}

function countTaken(world: World): number {
  return world.servers
    .flatMap((server) => [...server.store.bindings()])
    .filter(({ status }) => status !== 'FREE' && status !== 'FREE-BACKUP').length
}

const ACTIVE_STANDBY_SALT = 0x5eed

function drawSettings(random: Random, seed: number): Partial<PairSettings> {
  const validSeconds = random.pick([120, 240, 600]) ?? 240
  return {
    mcltSeconds: random.pick([30, 60, 120]) ?? 60,
    validSeconds,
    preferredSeconds: validSeconds / 2,
    // Few enough that leases change hands.
    addresses: random.pick([8, 16, 64]) ?? 64,
    delegatedLength: random.pick([51, 52, 56]) ?? 56,
    rapidCommit: random.chance(0.5),
    secondaryPrefixShare: random.pick([0.2, 0.5]) ?? 0.5,
    maxUnackedUpdates: random.pick([1, 3, 10]) ?? 10,
    isTls: random.chance(0.3),
    // A source of its own: the run of every other seed stays what it was.
    activeStandby: new Random(seed ^ ACTIVE_STANDBY_SALT).chance(0.2),
  }
}
