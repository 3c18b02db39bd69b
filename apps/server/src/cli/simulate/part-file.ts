/** The file of a long run: one line for each finished stretch of seeds, so that it may be interrupted and continued. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { addParts, type PartResult } from '@tandem/simulator'
import { z } from 'zod'
import { UserError } from '../user-error.ts'
import type { Stretch } from './run-stretches.ts'

export interface FinishedStretch extends Stretch {
  readonly result: PartResult
}

const lineSchema = z.object({
  /** Which program ran it: results of different programs do not add up. */
  program: z.string(),
  first: z.int().positive(),
  count: z.int().positive(),
  result: z.object({
    seeds: z.int(),
    failed: z.array(
      z.object({
        seed: z.int(),
        violations: z.array(z.object({ checker: z.string(), atMs: z.number(), text: z.string() })),
      }),
    ),
    acts: z.int(),
    simulatedSeconds: z.int(),
    leases: z.int(),
    clients: z.int(),
    faults: z.int(),
    seedsWithTenFaults: z.int(),
    reached: z.record(z.string(), z.int()),
  }),
})

/** In the order of their seeds. `program` names what runs now. Throws a `UserError` where the file holds the results of another, or none at all. */
export function readPartFile(file: string, program: string): readonly FinishedStretch[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // What follows the last line end was cut off in the middle of writing.
  const stretches = lines.slice(0, -1).map((line, index) => {
    const parsed = lineSchema.safeParse(parseJson(line))
    if (!parsed.success) {
      throw new UserError(`${file}, line ${index + 1} is no result of seeds; give --resume another file.`)
    }
    if (parsed.data.program !== program) {
      throw new UserError(
        `${file}, line ${index + 1} was made by another build of Tandem, so its results do not count for this one; ` +
          'give --resume another file, or remove this one to begin anew.',
      )
    }
    return parsed.data
  })
  return withoutOverlaps(stretches)
}

/** No seed counts twice: of two stretches that share seeds the one that begins first stays, or the longer of two that begin alike. */
function withoutOverlaps(stretches: readonly FinishedStretch[]): readonly FinishedStretch[] {
  let next = 1
  return stretches
    .toSorted((a, b) => a.first - b.first || b.count - a.count)
    .filter(({ first, count }) => {
      if (first < next) return false
      next = first + count
      return true
    })
}

export function appendToPartFile(file: string, program: string, finished: FinishedStretch): void {
  appendFileSync(file, lineOf(program, finished))
}

/** A line each for what follows one another without a gap: a file that is small enough to be taken to another machine. */
export function compactPartFile(file: string, program: string): void {
  const joined: FinishedStretch[] = []
  for (const stretch of readPartFile(file, program)) {
    const before = joined.at(-1)
    if (before === undefined || before.first + before.count !== stretch.first) joined.push(stretch)
    else joined[joined.length - 1] = { ...join(before, stretch), first: before.first }
  }
  writeFileSync(`${file}.new`, joined.map((stretch) => lineOf(program, stretch)).join(''))
  renameSync(`${file}.new`, file)
}

function join(a: FinishedStretch, b: FinishedStretch): Omit<FinishedStretch, 'first'> {
  return { count: a.count + b.count, result: addParts(a.result, b.result) }
}

function lineOf(program: string, { first, count, result }: FinishedStretch): string {
  return `${JSON.stringify({ program, first, count, result })}\n`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
