/** Seeds that end in a violation which nobody has mended yet. Every run names them; one that holds again has to leave the list. */
import type { FailedSeed, PartResult } from './part.ts'

export interface OpenFinding {
  readonly seed: number
  /** What objects; anything else that objects fails the run. */
  readonly checkers: readonly string[]
  /** What is known of the cause. */
  readonly known: string
}

export const openFindings: readonly OpenFinding[] = []

export interface Judgement {
  /** Seeds that fail in a way that is not on the list. */
  readonly failed: readonly FailedSeed[]
  readonly open: readonly OpenFinding[]
  /** On the list, run, and without a violation: to be taken from the list. */
  readonly mended: readonly OpenFinding[]
}

/** `wasRun`: whether this seed was among those of the run. */
export function judgeFailures(
  total: PartResult,
  wasRun: (seed: number) => boolean,
  findings: readonly OpenFinding[] = openFindings,
): Judgement {
  const failures = new Map(total.failed.map((failure) => [failure.seed, failure]))
  const isKnown = ({ seed, violations }: FailedSeed): boolean => {
    const finding = findings.find((candidate) => candidate.seed === seed)
    return finding !== undefined && violations.every(({ checker }) => finding.checkers.includes(checker))
  }
  return {
    failed: total.failed.filter((failure) => !isKnown(failure)),
    open: findings.filter(({ seed }) => failures.has(seed)),
    mended: findings.filter(({ seed }) => wasRun(seed) && !failures.has(seed)),
  }
}
