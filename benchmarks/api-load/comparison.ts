/** How much the consoles cost the clients: each repeat's two phases against each other. */
import { spreadOf, type Spread } from '../harness/statistics.ts'
import type { Leg, Percentiles } from '../leases-per-second/load-report.ts'
import { lostPart } from '../leases-per-second/load-report.ts'
import type { Phase, PhaseName } from './phases.ts'

export const legs = ['solicits', 'requests', 'renewals'] as const
export type LegName = (typeof legs)[number]

/** Raised by consoles to this or more, the p99 of clients is too high. */
export const RATIO_BAR = 2

export interface LegComparison {
  readonly leg: LegName
  readonly without: Readonly<Record<keyof Percentiles, Spread>>
  readonly with: Readonly<Record<keyof Percentiles, Spread>>
  /** p99 with consoles by p99 without, of the same repeat. */
  readonly ratio: Spread
}

export function comparisonOf(phases: readonly Phase[]): readonly LegComparison[] {
  const repeats = [...new Set(phases.map(({ repeat }) => repeat))]
  const one = (repeat: number, name: PhaseName, leg: LegName): Percentiles => {
    const phase = phases.find((each) => each.repeat === repeat && each.name === name)
    const percentiles = legOf(phase, leg)?.percentiles
    if (percentiles === undefined) throw new Error(`no ${leg} in repeat ${repeat} ${name} consoles`)
    return percentiles
  }
  const spread = (name: PhaseName, leg: LegName): LegComparison['with'] => {
    const of = (key: keyof Percentiles): Spread => spreadOf(repeats.map((repeat) => one(repeat, name, leg)[key]))
    return { p50Ms: of('p50Ms'), p95Ms: of('p95Ms'), p99Ms: of('p99Ms') }
  }
  return legs.map((leg) => ({
    leg,
    without: spread('without', leg),
    with: spread('with', leg),
    ratio: spreadOf(repeats.map((repeat) => one(repeat, 'with', leg).p99Ms / one(repeat, 'without', leg).p99Ms)),
  }))
}

function legOf(phase: Phase | undefined, leg: LegName): Leg | undefined {
  return phase?.load[leg]
}

/** The median of each leg has to be below the bar. */
export function isWithinBar(comparison: readonly LegComparison[]): boolean {
  return comparison.every(({ ratio }) => ratio.median < RATIO_BAR)
}

/** The phase that lost most, as a part of what was begun: delays of what is lost are in no percentile. */
export function mostLost(phases: readonly Phase[], name: PhaseName): number {
  return Math.max(...phases.filter((phase) => phase.name === name).map(({ load }) => lostPart(load)))
}
