/** The source files of the workspace as one list, for checks that read all of them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const workspaceRoot = dirname(import.meta.dirname)

const PLACES = ['packages', 'apps', 'e2e', 'benchmarks', 'tooling', 'bin', 'prisma']
const NOT_OURS = new Set(['node_modules', 'dist', 'dist-mock', 'generated', '.turbo', 'test-results'])
const SOURCE = /\.(ts|tsx|mjs)$/

export type SourceFile = { readonly path: string; readonly source: string }

/** Paths are relative to the root, with forward slashes, sorted. */
export function readSourceFiles(): readonly SourceFile[] {
  return read((path) => SOURCE.test(path) && !path.endsWith('.d.ts'))
}

/** Each package's `package.json`, whose scripts may name source files. */
export function readManifests(): readonly SourceFile[] {
  return read((path) => path.endsWith('/package.json'))
}

function read(wanted: (path: string) => boolean): readonly SourceFile[] {
  return listFiles()
    .filter(wanted)
    .map((path) => ({ path, source: readFileSync(join(workspaceRoot, path), 'utf8') }))
}

/** Every file below the places of the source, or below those named. */
export function listFiles(...places: readonly string[]): readonly string[] {
  return (places.length === 0 ? PLACES : places)
    .filter((place) => existsSync(join(workspaceRoot, place)))
    .flatMap((place) => walk(place))
    .toSorted()
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(workspaceRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(path) : [path]
  })
}
