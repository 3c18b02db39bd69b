/** One repeat of one contestant: started anew, warmed up, then loaded step by step; and what each step cost. */
import { join } from 'node:path'
import { runPerfdhcp, type LegReport } from '../../e2e/topology/perfdhcp.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from './bench-link.ts'
import type { Contestant, Serving } from './contestant.ts'
import { cpuSecondsOf, residentMegabytesOf, stolenSeconds } from '../harness/process-cost.ts'
import { climb, type LadderRules, type Step } from './rate-ladder.ts'

export interface ProcessCost {
  readonly name: string
  readonly cpuMsPerLease: number
  readonly residentMegabytes: number
}

export interface MeasuredStep extends Step {
  readonly solicits: LegReport
  readonly requests: LegReport
  readonly costs: readonly ProcessCost[]
  /** How long the servers still worked when the load had ended, in seconds. */
  readonly settledAfterSeconds: number
  readonly stolenSeconds: number
}

export interface Repeat {
  readonly contestant: string
  readonly best: MeasuredStep | undefined
  readonly steps: readonly MeasuredStep[]
}

export interface RepeatPlan {
  readonly folder: string
  readonly stepSeconds: number
  readonly warmUpSeconds: number
  readonly rules: LadderRules
  readonly say: (line: string) => void
}

export async function measureRepeat(contestant: Contestant, plan: RepeatPlan): Promise<Repeat> {
  const link = buildBenchLink()
  try {
    const serving = await contestant.start(link, join(plan.folder, contestant.name.replaceAll(/[^a-z0-9]+/gi, '-')))
    try {
      return await loadStepByStep(contestant.name, { link, serving, plan })
    } finally {
      await serving.stop()
    }
  } finally {
    link.remove()
  }
}

interface Load {
  readonly link: BenchLink
  readonly serving: Serving
  readonly plan: RepeatPlan
}

async function loadStepByStep(contestant: string, load: Load): Promise<Repeat> {
  const { rules, warmUpSeconds, say } = load.plan
  const steps: MeasuredStep[] = []
  let clientGroup = 0
  const nextMac = (): string => {
    clientGroup += 1
    return `00:${clientGroup.toString(16).padStart(2, '0')}:00:00:00:00`
  }
  if (warmUpSeconds > 0) await runStep(load, rules.startPerSecond / 2, warmUpSeconds, nextMac())
  const best = await climb(rules, async (target) => {
    const step = await runStep(load, target, load.plan.stepSeconds, nextMac())
    steps.push(step)
    say(`  ${describeStep(step)}`)
    return step
  })
  return { contestant, best, steps }
}

async function runStep({ link, serving, plan }: Load, target: number, seconds: number, firstMac: string) {
  const pids = serving.processes.map(({ program }) => program.pid)
  const before = pids.map(cpuSecondsOf)
  const stolenBefore = stolenSeconds()
  const load = { interfaceName: INTERFACE, exchangesPerSecond: Math.round(target), seconds, firstMac }
  const { solicits, requests } = await runPerfdhcp(link.load, load)
  const dead = serving.processes.find(({ program }) => program.exit() !== undefined)
  if (dead !== undefined) throw new Error(`${dead.name} died under load, logs in ${plan.folder}`)
  const settledAfterSeconds = await serving.settle()
  const completed = requests.received - requests.rejected
  const costs = serving.processes.map(({ name, program }, index): ProcessCost => {
    const used = cpuSecondsOf(program.pid) - (before[index] ?? 0)
    return {
      name,
      cpuMsPerLease: (1000 * used) / Math.max(1, completed),
      residentMegabytes: Math.round(residentMegabytesOf(program.pid)),
    }
  })
  return {
    targetPerSecond: Math.round(target),
    startedPerSecond: solicits.sent / seconds,
    completedPerSecond: completed / seconds,
    lost: solicits.sent === 0 ? 1 : 1 - completed / solicits.sent,
    solicits,
    requests,
    costs,
    settledAfterSeconds,
    stolenSeconds: stolenSeconds() - stolenBefore,
  } satisfies MeasuredStep
}

export function describeStep(step: MeasuredStep): string {
  const delay = ({ averageDelayMs, longestDelayMs }: LegReport): string =>
    `${averageDelayMs?.toFixed(1) ?? '-'}/${longestDelayMs?.toFixed(0) ?? '-'} ms`
  return [
    `target ${step.targetPerSecond}/s: ${step.completedPerSecond.toFixed(0)} leases/s`,
    `lost ${(100 * step.lost).toFixed(2)} %`,
    `ADVERTISE ${delay(step.solicits)}`,
    `REPLY ${delay(step.requests)}`,
    `CPU ${step.costs.map(({ name, cpuMsPerLease }) => `${name} ${cpuMsPerLease.toFixed(2)}`).join(' + ')} ms/lease`,
    `settled after ${step.settledAfterSeconds.toFixed(1)} s`,
  ].join(', ')
}
