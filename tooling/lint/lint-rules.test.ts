/** The linter's settings are known to bite: code that each important rule forbids is refused, and refused by that rule. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'

type Offence = { readonly rule: string; readonly path: string; readonly source: string }

const anywhere = 'apps/server/src/probe.ts'
const pure = ['packages/protocol/src/probe.ts', 'packages/engine/src/deep/probe.ts']

const offences: readonly Offence[] = [
  { rule: 'no-floating-promises', path: anywhere, source: `export const f = () => { Promise.resolve(1) }` },
  { rule: 'no-explicit-any', path: anywhere, source: `export const f = (x: any): unknown => x` },
  {
    rule: 'no-unsafe-assignment',
    path: anywhere,
    source: `export const f = (): void => { const x: number = JSON.parse('1'); void x }`,
  },
  { rule: 'no-unsafe-member-access', path: anywhere, source: `export const f = (): unknown => JSON.parse('1').a` },
  { rule: 'no-unsafe-return', path: anywhere, source: `export const f = (): number => JSON.parse('1')` },
  {
    rule: 'no-misused-promises',
    path: anywhere,
    source: `export const f = (p: Promise<boolean>) => { if (p) return 1; return 2 }`,
  },
  {
    rule: 'switch-exhaustiveness-check',
    path: anywhere,
    source: `export const f = (x: 'a' | 'b') => { switch (x) { case 'a': return 1 } return 2 }`,
  },
  { rule: 'ban-ts-comment', path: anywhere, source: `// @ts-ignore\nexport const x: number = 'a'` },
  { rule: 'no-non-null-assertion', path: anywhere, source: `export const f = (x: readonly string[]) => x[0]!` },
  { rule: 'no-default-export', path: anywhere, source: `export default 1` },
  { rule: 'no-empty', path: anywhere, source: `export const f = () => { try { JSON.parse('') } catch {} }` },
  { rule: 'no-unused-vars', path: anywhere, source: `const x = 1\nexport {}` },
  ...pure.flatMap((path) => [
    { rule: 'no-restricted-globals', path, source: `export const f = () => Date.now()` },
    { rule: 'no-restricted-globals', path, source: `export const f = () => new Date()` },
    { rule: 'no-restricted-globals', path, source: `export const f = () => Promise.resolve(1)` },
    { rule: 'no-restricted-globals', path, source: `export const f = () => new Intl.NumberFormat()` },
    { rule: 'no-restricted-properties', path, source: `export const f = () => Math.random()` },
    { rule: 'no-restricted-properties', path, source: `export const f = (a: string) => a.localeCompare('b')` },
    { rule: 'no-restricted-properties', path, source: `export const f = (a: number) => a.toLocaleString()` },
    { rule: 'no-async-await', path, source: `export const f = async () => 1` },
  ]),
]

describe('the lint settings', () => {
  let folder = ''
  let findings = new Map<string, readonly string[]>()

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-lint-'))
    copyFileSync(join(workspaceRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    // Where the linter looks for the type-aware half of itself.
    symlinkSync(join(workspaceRoot, 'node_modules'), join(folder, 'node_modules'))
    const options = { strict: true, noEmit: true, module: 'NodeNext', target: 'ES2024', lib: ['ES2025'], types: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
    for (const [index, { path, source }] of offences.entries()) write(join(folder, numbered(path, index)), source)
    write(join(folder, anywhere), `export const innocent = (x: number): number => x + 1`)
    findings = lint(folder)
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(offences.map((offence, index) => ({ ...offence, index })))(
    'refuse by $rule: $source',
    ({ rule, path, index }) => {
      expect(findings.get(numbered(path, index))?.join(' ')).toContain(`(${rule})`)
    },
  )

  it('say nothing about code that is in order', () => {
    expect(findings.get(anywhere)).toBeUndefined()
  })
})

const numbered = (path: string, index: number): string => path.replace('probe.ts', `probe-${index}.ts`)

function write(file: string, source: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${source}\n`)
}

/** The codes that the linter reports for each file. */
function lint(folder: string): Map<string, readonly string[]> {
  const oxlint = join(workspaceRoot, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'unix', '.'], { cwd: folder, encoding: 'utf8' })
  const found = new Map<string, readonly string[]>()
  for (const line of stdout.split('\n')) {
    const path = line.split(':')[0] ?? ''
    found.set(path, [...(found.get(path) ?? []), line])
  }
  return found
}
