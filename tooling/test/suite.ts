/** What a suite of tests is to the runner: a command, what it needs of the machine, and how it tells its counts. */

/** A program that a suite calls, and the Debian package that carries it. */
export type Program = { readonly kind: 'program'; readonly name: string; readonly debianPackage: string }
/** Something that no package brings: the runner asks the machine for it. */
export type Privilege = { readonly kind: 'root' } | { readonly kind: 'network-namespaces' }
export type Need = Program | Privilege

/**
 * - `exit-code`: one check, passed or failed.
 * - `vitest`, `playwright`: their own JSON reports.
 * - `counts`: the suite writes `{ "passed": n, "failed": n, "skipped": n }` to the file that TANDEM_TEST_RESULTS names.
 */
export type ResultKind = 'exit-code' | 'vitest' | 'playwright' | 'counts'

export type Suite = {
  readonly name: string
  /** Program and arguments, run in the root of the workspace; `node` and `pnpm` are the pinned ones. */
  readonly command: readonly [string, ...string[]]
  /** What `--quick` runs instead, where less of the same will do. */
  readonly quickCommand?: readonly [string, ...string[]]
  readonly results: ResultKind
  readonly needs: readonly Need[]
  /** Part of `npm test -- --quick`. */
  readonly quick: boolean
  /** Suites that follow one another and may share the machine's two cores run side by side; all others run alone. */
  readonly sideBySide: boolean
  readonly limitMinutes: number
}

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const nothingCounted: Counts = { passed: 0, failed: 0, skipped: 0 }

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/** The last line of `npm test`. */
export function totalLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

/** A run in which nothing ran proves nothing, so it is no success either. */
export function exitCodeFor({ passed, failed }: Counts): number {
  return failed > 0 || passed === 0 ? 1 : 0
}
