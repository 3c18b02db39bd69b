/** The import rules hold in the workspace, and each row of their table is known to bite. */
import { describe, expect, it } from 'vitest'
import { readSourceFiles } from '../source-files.ts'
import { checkImports } from './check-imports.ts'
import type { SourceFile } from './check-imports.ts'
import { importRules } from './import-rules.ts'

const probe = (from: string, ...specifiers: readonly string[]): SourceFile => ({
  path: from.endsWith('.ts') ? from : `${from.replace('*', '')}probe.ts`,
  source: specifiers.map((specifier, index) => `import { it${index} } from '${specifier}'\n`).join(''),
})

describe('the import rules', () => {
  it('hold for every source file of the workspace', () => {
    const files = readSourceFiles().filter((file) => !file.path.endsWith('.config.ts'))
    expect(files.length).toBeGreaterThan(20)
    expect(checkImports(files)).toEqual([])
  })

  it.each(importRules)('refuse in $from the import of $refuses', ({ from, refuses }) => {
    const refused = checkImports([probe(from, refuses)])
    expect(refused).toHaveLength(1)
    expect(refused[0]).toContain(`may not import ${refuses}`)
  })

  it.each(importRules)('let $from import what its row allows', ({ from, packages }) => {
    const named = packages.map((name) => name.replace('*', 'anything'))
    expect(checkImports([probe(from, ...named)])).toEqual([])
  })

  it('open the engine with deliberate bugs to the simulator and to nobody else', () => {
    const breaking = '@tandem/engine/simulation'
    const opened = importRules.filter(({ from }) => checkImports([probe(from, breaking)]).length === 0)
    expect(opened.map(({ from }) => from).filter((from) => !from.startsWith('packages/simulator/'))).toEqual([])
    expect(opened.map(({ from }) => from)).toContain('packages/simulator/src/')
    expect(checkImports([probe('apps/server/src/engine/', breaking)])[0]).toContain('public entry')
    // A test stands outside of the product, and is refused all the same.
    expect(checkImports([{ path: 'apps/server/src/engine/a.test.ts', source: `import '${breaking}'` }])).toHaveLength(1)
    expect(
      checkImports([probe('apps/server/src/engine/', '../../../../packages/engine/src/simulation.ts')]),
    ).toHaveLength(1)
  })

  it('have one row for each place', () => {
    expect(new Set(importRules.map((rule) => rule.from)).size).toBe(importRules.length)
  })

  it('refuse a folder without a row', () => {
    expect(checkImports([probe('packages/surprise/src/', '@tandem/protocol')])[0]).toContain('has no row')
    expect(checkImports([probe('packages/engine/src/surprise/', '@tandem/protocol')])[0]).toContain('has no row')
  })

  it('refuse an import past the public entry of another package', () => {
    const refused = checkImports([probe('packages/engine/src/failover/', '@tandem/protocol/src/wire/reader.ts')])
    expect(refused[0]).toContain('public entry')
    expect(checkImports([probe('packages/engine/src/', '../../protocol/src/index.ts')])).toHaveLength(1)
  })

  it('refuse a relative import without its extension', () => {
    expect(checkImports([probe('packages/engine/src/', './effects')])[0]).toContain('names its file with .ts')
    expect(checkImports([probe('packages/engine/src/', './effects.js')])[0]).toContain('names its file with .ts')
  })

  it('see re-exports, dynamic imports and imports of types alone', () => {
    const path = 'packages/protocol/src/wire/probe.ts'
    for (const source of [
      `export { duid } from '../values/duid.ts'`,
      `export * from '../values/duid.ts'`,
      `export const later = () => import('../values/duid.ts')`,
      `import type { Duid } from '../values/duid.ts'`,
      `import '../values/duid.ts'`,
    ]) {
      expect(checkImports([{ path, source }]), source).toHaveLength(1)
    }
  })

  it('find a cycle of three files, and none where the way back is only a type', () => {
    const file = (name: string, source: string): SourceFile => ({ path: `packages/protocol/src/wire/${name}`, source })
    const a = file('a.ts', `import { b } from './b.ts'`)
    const b = file('b.ts', `import { c } from './c.ts'`)
    expect(checkImports([a, b, file('c.ts', `import { a } from './a.ts'`)])).toEqual([
      'cycle: packages/protocol/src/wire/a.ts -> packages/protocol/src/wire/b.ts -> packages/protocol/src/wire/c.ts -> packages/protocol/src/wire/a.ts',
    ])
    expect(checkImports([a, b, file('c.ts', `import type { A } from './a.ts'`)])).toEqual([])
  })

  it('let a test import what it tests from anywhere in its own package, and no product file a test', () => {
    const test = {
      path: 'packages/engine/src/time/clock.test.ts',
      source: `import { e } from '../failover/endpoints.ts'`,
    }
    expect(checkImports([test])).toEqual([])
    expect(checkImports([probe('packages/engine/src/time/', './clock.test.ts')])[0]).toContain('it is a test')
  })
})
