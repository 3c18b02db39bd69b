/** From what batches cost to what one step costs, kind by kind: each run is one value. */
import { spreadOf, type Spread } from '../harness/statistics.ts'

/** Costs of one kind of step in one batch; nothing of the batch itself is kept, or the table would not be what fills the heap. */
export interface BatchCost {
  readonly step: string
  readonly steps: number
  readonly nanoseconds: number
  readonly codecNanoseconds: number
}

export interface StepFigures {
  readonly step: string
  readonly microseconds: Spread
  readonly codecMicroseconds: Spread
  readonly runs: readonly number[]
}

export function figuresOf(runs: readonly (readonly BatchCost[])[]): readonly StepFigures[] {
  const steps = [...new Set(runs.flat().map(({ step }) => step))]
  return steps.map((step) => {
    const each = runs.map((costs) => meanOf(costs.filter((cost) => cost.step === step)))
    return {
      step,
      microseconds: spreadOf(each.map(({ whole }) => whole)),
      codecMicroseconds: spreadOf(each.map(({ codec }) => codec)),
      runs: each.map(({ whole }) => whole),
    }
  })
}

function meanOf(costs: readonly BatchCost[]): { readonly whole: number; readonly codec: number } {
  const sum = (value: (cost: BatchCost) => number): number => costs.reduce((total, cost) => total + value(cost), 0)
  const steps = sum((cost) => cost.steps)
  return {
    whole: sum((cost) => cost.nanoseconds) / steps / 1000,
    codec: sum((cost) => cost.codecNanoseconds) / steps / 1000,
  }
}
