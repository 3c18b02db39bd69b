/** Judges the imports of source files by the table in import-rules.ts, and finds cycles among them. */
import { posix } from 'node:path'
import { importRules, testPackages } from './import-rules.ts'
import type { ImportRule } from './import-rules.ts'
import { readImports } from './read-imports.ts'
import type { FileImport } from './read-imports.ts'

/** Paths are relative to the root of the workspace, with forward slashes. */
export type SourceFile = { readonly path: string; readonly source: string }

export function checkImports(
  files: readonly SourceFile[],
  rules: readonly ImportRule[] = importRules,
): readonly string[] {
  const read = files.map((file) => ({ path: file.path, imports: readImports(file.path, file.source) }))
  const refused = read.flatMap(({ path, imports }) =>
    imports.flatMap((each) => {
      const reason = refuse(path, each, rules)
      return reason === undefined ? [] : [`${path}:${each.line} may not import ${each.specifier}: ${reason}`]
    }),
  )
  return [...refused, ...findCycles(read)]
}

export function ruleFor(path: string, rules: readonly ImportRule[]): ImportRule | undefined {
  return rules
    .filter((rule) => fits(path, rule.from))
    .toSorted((a, b) => b.from.length - a.from.length)
    .at(0)
}

function refuse(path: string, { specifier }: FileImport, rules: readonly ImportRule[]): string | undefined {
  const rule = ruleFor(path, rules)
  if (rule === undefined) return 'its folder has no row in tooling/import-rules/import-rules.ts'
  if (!specifier.startsWith('.')) return refuseByName(path, specifier, rule)
  const target = posix.join(posix.dirname(path), specifier)
  if (posix.extname(target) === '' || target.endsWith('.js')) return 'a relative import names its file with .ts'
  if (isTest(path)) return samePackage(path, target) ? undefined : 'it lies in another package'
  if (isTest(target) && !rule.may.includes(target)) return 'it is a test'
  const ownFolder = rule.from.endsWith('/') ? rule.from : undefined
  const allowed = ownFolder === undefined ? rule.may : [...rule.may, ownFolder]
  // A folder may contain a folder with stricter arrows; what it may import says so by its own row.
  return allowed.some((place) => fits(target, place)) ? undefined : `${rule.from} may import only ${describe(rule.may)}`
}

function refuseByName(path: string, specifier: string, rule: ImportRule): string | undefined {
  const allowed = isTest(path) ? [...rule.packages, ...testPackages] : rule.packages
  if (allowed.some((name) => matchesName(specifier, name))) return undefined
  if (/^@tandem\/[^/]+\/./.test(specifier)) return 'another package is imported by its public entry'
  return `${rule.from} may import only ${describe(rule.packages)}`
}

function matchesName(specifier: string, name: string): boolean {
  if (name.endsWith('*')) return specifier.startsWith(name.slice(0, -1))
  // `zod` covers `zod/mini`; the packages of this workspace have one entry each.
  return specifier === name || (!name.startsWith('@tandem/') && specifier.startsWith(`${name}/`))
}

function fits(path: string, place: string): boolean {
  if (place.endsWith('/*')) return posix.dirname(path) === place.slice(0, -2)
  return place.endsWith('/') ? path.startsWith(place) : path === place
}

function isTest(path: string): boolean {
  return /\.(test|fixture)\.tsx?$|\/test-support\//.test(path)
}

function samePackage(a: string, b: string): boolean {
  const packageOf = (path: string): string =>
    path
      .split('/')
      .slice(0, /^(packages|apps)\//.test(path) ? 2 : 1)
      .join('/')
  return packageOf(a) === packageOf(b)
}

function describe(places: readonly string[]): string {
  return places.length === 0 ? 'nothing' : places.join(', ')
}

type ReadFile = { readonly path: string; readonly imports: readonly FileImport[] }

/** Each cycle once, by depth-first search over what remains after compilation. */
function findCycles(files: readonly ReadFile[]): readonly string[] {
  const targets = new Map(
    files.map(({ path, imports }) => [
      path,
      imports
        .filter((each) => !each.typeOnly && each.specifier.startsWith('.'))
        .map((each) => posix.join(posix.dirname(path), each.specifier)),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path)
    if (seenAt !== -1) cycles.push(`cycle: ${[...trail.slice(seenAt), path].join(' -> ')}`)
    if (seenAt !== -1 || done.has(path)) return
    for (const next of targets.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  return cycles
}
