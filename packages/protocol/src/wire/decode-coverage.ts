/** Counts how often each decoder ran, so that a fuzz test can prove it reached all of them. The one piece of module state here; off unless a test switches it on. */

let counts: Map<string, number> | undefined

/** Starts counting from zero for each of these names, or stops. */
export function startCoverage(names: Iterable<string>): void {
  counts = new Map()
  for (const name of names) counts.set(name, 0)
}

export function stopCoverage(): void {
  counts = undefined
}

export function countDecode(name: string): void {
  if (counts !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
}

export function coverageCounts(): ReadonlyMap<string, number> {
  return new Map(counts ?? [])
}
