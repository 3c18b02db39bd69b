/** One repeat of one contestant: started anew, warmed up, then loaded step by step; and what each step cost. */
import { join } from 'node:path'
import { cpuSecondsOf, residentMegabytesOf, stolenSeconds } from '../harness/process-cost.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from './bench-link.ts'
import type { Contestant, Serving } from './contestant.ts'
import type { LoadKind } from './load-kinds.ts'
import { completed, lostPart, type Generator, type Leg, type LoadReport } from './load-report.ts'
import { climb, type LadderRules, type Step } from './rate-ladder.ts'

export interface ProcessCost {
  readonly name: string
  /** Each lease given or renewed. */
  readonly cpuMsPerLease: number
  readonly residentMegabytes: number
}

export interface MeasuredStep extends Step, LoadReport {
  readonly renewedPerSecond: number
  readonly costs: readonly ProcessCost[]
  /** How long the servers still worked when the load had ended, in seconds. */
  readonly settledAfterSeconds: number
  readonly stolenSeconds: number
}

export interface Repeat {
  readonly contestant: string
  readonly load: string
  readonly best: MeasuredStep | undefined
  readonly steps: readonly MeasuredStep[]
}

export interface RepeatPlan {
  readonly folder: string
  readonly kind: LoadKind
  readonly generator: Generator
  readonly stepSeconds: number
  readonly warmUpSeconds: number
  /** A number: one step at this rate, in exchanges per second. */
  readonly rates: LadderRules | number
  readonly say: (line: string) => void
}

export async function measureRepeat(contestant: Contestant, plan: RepeatPlan): Promise<Repeat> {
  const link = buildBenchLink()
  try {
    const serving = await contestant.start(link, join(plan.folder, contestant.key), {
      prefixes: plan.kind.asked !== 'addresses',
    })
    try {
      return { contestant: contestant.name, load: plan.kind.key, ...(await loadStepByStep({ link, serving, plan })) }
    } finally {
      await serving.stop()
    }
  } finally {
    link.remove()
  }
}

interface Scene {
  readonly link: BenchLink
  readonly serving: Serving
  readonly plan: RepeatPlan
}

async function loadStepByStep(scene: Scene): Promise<Pick<Repeat, 'best' | 'steps'>> {
  const { rates, stepSeconds, warmUpSeconds, say } = scene.plan
  const steps: MeasuredStep[] = []
  let clientGroup = 0
  const step = async (target: number, seconds: number): Promise<MeasuredStep> => {
    clientGroup += 1
    return runStep(scene, { target, seconds, clientGroup })
  }
  const told = async (target: number): Promise<MeasuredStep> => {
    const measured = await step(target, stepSeconds)
    steps.push(measured)
    say(`  ${describeStep(measured)}`)
    return measured
  }
  const start = typeof rates === 'number' ? rates : rates.startPerSecond
  if (warmUpSeconds > 0) await step(start / 2, warmUpSeconds)
  const best = typeof rates === 'number' ? await told(rates) : await climb(rates, told)
  return { best, steps }
}

interface StepRequest {
  readonly target: number
  readonly seconds: number
  readonly clientGroup: number
}

async function runStep({ link, serving, plan }: Scene, request: StepRequest): Promise<MeasuredStep> {
  const { seconds, clientGroup } = request
  const { kind, generator } = plan
  const target = Math.round(request.target)
  const pids = serving.processes.map(({ program }) => program.pid)
  const before = pids.map(cpuSecondsOf)
  const stolenBefore = stolenSeconds()
  const report = await generator.run(link.load, INTERFACE, {
    asked: kind.asked,
    exchangesPerSecond: target,
    renewalsPerSecond: kind.renews ? target : 0,
    seconds,
    clientGroup,
  })
  const dead = serving.processes.find(({ program }) => program.exit() !== undefined)
  if (dead !== undefined) throw new Error(`${dead.name} died under load, logs in ${plan.folder}`)
  const settledAfterSeconds = await serving.settle()
  const done = completed(report.requests)
  const renewed = report.renewals === undefined ? 0 : completed(report.renewals)
  const leases = done * kind.leasesPerExchange + renewed
  const costs = serving.processes.map(({ name, program }, index): ProcessCost => {
    const used = cpuSecondsOf(program.pid) - (before[index] ?? 0)
    return {
      name,
      cpuMsPerLease: (1000 * used) / Math.max(1, leases),
      residentMegabytes: Math.round(residentMegabytesOf(program.pid)),
    }
  })
  return {
    ...report,
    targetPerSecond: target,
    startedPerSecond: report.solicits.sent / seconds,
    completedPerSecond: done / seconds,
    renewedPerSecond: renewed / seconds,
    lost: lostPart(report),
    costs,
    settledAfterSeconds,
    stolenSeconds: stolenSeconds() - stolenBefore,
  }
}

export function describeStep(step: MeasuredStep): string {
  const { renewals } = step
  return [
    `target ${step.targetPerSecond}/s: ${step.completedPerSecond.toFixed(0)} exchanges/s`,
    ...(renewals === undefined ? [] : [`${step.renewedPerSecond.toFixed(0)} renewals/s`]),
    `lost ${(100 * step.lost).toFixed(2)} %`,
    `ADVERTISE ${delayText(step.solicits)}`,
    `REPLY ${delayText(step.requests)}`,
    ...(renewals === undefined ? [] : [`renewal ${delayText(renewals)}`]),
    `CPU ${step.costs.map(({ name, cpuMsPerLease }) => `${name} ${cpuMsPerLease.toFixed(2)}`).join(' + ')} ms/lease`,
    `settled after ${step.settledAfterSeconds.toFixed(1)} s`,
  ].join(', ')
}

/** Percentiles where there are some, else all that there is: average and maximum. */
export function delayText({ averageDelayMs, longestDelayMs, percentiles }: Leg): string {
  if (percentiles !== undefined) {
    const { p50Ms, p95Ms, p99Ms } = percentiles
    return `p50 ${p50Ms.toFixed(1)} p95 ${p95Ms.toFixed(1)} p99 ${p99Ms.toFixed(1)} ms`
  }
  return `avg ${averageDelayMs?.toFixed(1) ?? '-'} max ${longestDelayMs?.toFixed(0) ?? '-'} ms`
}
