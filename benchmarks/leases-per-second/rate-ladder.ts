/** Finds the highest rate that a server carries: steps up until too much is lost, then closes in on the last good step. */

export interface Step {
  readonly targetPerSecond: number
  /** Exchanges that perfdhcp began; it cannot always reach the target. */
  readonly startedPerSecond: number
  /** Exchanges that came to their REPLY. */
  readonly completedPerSecond: number
  /** Part of the started exchanges that did not. */
  readonly lost: number
}

export interface LadderRules {
  readonly startPerSecond: number
  readonly coarseFactor: number
  readonly fineFactor: number
  /** A step that loses this part or more is not carried. */
  readonly lostMax: number
  readonly limitPerSecond: number
}

/** Below this the generator itself is what gives out, and higher targets tell nothing. */
const GENERATOR_REACHES = 0.93
const LOWEST_PER_SECOND = 50

/**
 * A step that is not carried is tried once more, since other work on the machine can spoil a single one.
 * Returns the step with the most completed exchanges among those that were carried; undefined if none was.
 */
export async function climb<S extends Step>(
  rules: LadderRules,
  runStep: (targetPerSecond: number) => Promise<S>,
): Promise<S | undefined> {
  let best: S | undefined
  const attempt = async (target: number): Promise<S | undefined> => {
    const first = await runStep(Math.round(target))
    const step = first.lost < rules.lostMax ? first : await runStep(Math.round(target))
    if (step.lost >= rules.lostMax) return undefined
    if (best === undefined || step.completedPerSecond > best.completedPerSecond) best = step
    return step
  }
  let target = rules.startPerSecond
  let failedAt = await climbBy(rules.coarseFactor, target, rules.limitPerSecond, attempt)
  while (best === undefined && failedAt !== undefined && target / 2 >= LOWEST_PER_SECOND) {
    target /= 2
    failedAt = (await attempt(target)) === undefined ? target : failedAt
  }
  if (best !== undefined && failedAt !== undefined) {
    await climbBy(rules.fineFactor, best.targetPerSecond * rules.fineFactor, failedAt - 1, attempt)
  }
  return best
}

/** The target that was not carried; undefined if the limit, or the generator's end, came first. */
async function climbBy(
  factor: number,
  from: number,
  limit: number,
  attempt: (target: number) => Promise<Step | undefined>,
): Promise<number | undefined> {
  for (let target = from; target <= limit; target *= factor) {
    const step = await attempt(target)
    if (step === undefined) return target
    if (step.startedPerSecond < GENERATOR_REACHES * target) return undefined
  }
  return undefined
}
