/** Times what is too short to be timed alone: many turns between two looks at the clock, and several runs by turns. */

export interface Subject {
  readonly name: string
  /** Answers something that depends on its work, or the work could be left out. */
  operation(): unknown
}

export interface TimingPlan {
  readonly runs: number
  readonly runMs: number
  readonly warmUpMs: number
  /** In milliseconds, of any origin. */
  readonly clock: () => number
}

/** Where results go, so that no compiler finds them unused. */
let last: unknown

export function lastResult(): unknown {
  return last
}

/** Clock looks are shared by so many turns. */
const TURNS_BETWEEN_LOOKS = 64

/**
 * Nanoseconds of one operation, a value for each run. All subjects are warmed up before the first run, so that each is
 * timed with code that has seen them all, and they take turns, so that a slow spell of the machine is bad for all.
 */
export function timeSubjects(subjects: readonly Subject[], plan: TimingPlan): ReadonlyMap<string, readonly number[]> {
  const { runs, runMs, warmUpMs, clock } = plan
  const measured = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  if (measured.size < subjects.length) throw new Error('two subjects have one name')
  for (const subject of subjects) nanosecondsPerTurn(subject, warmUpMs, clock)
  for (let run = 0; run < runs; run += 1) {
    for (const subject of subjects) measured.get(subject.name)?.push(nanosecondsPerTurn(subject, runMs, clock))
  }
  return measured
}

function nanosecondsPerTurn(subject: Subject, forMs: number, clock: () => number): number {
  const startedAt = clock()
  let turns = 0
  let now = startedAt
  do {
    for (let turn = 0; turn < TURNS_BETWEEN_LOOKS; turn += 1) last = subject.operation()
    turns += TURNS_BETWEEN_LOOKS
    now = clock()
  } while (now - startedAt < forMs)
  return ((now - startedAt) * 1e6) / turns
}
