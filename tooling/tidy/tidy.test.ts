/** The workspace is tidy, and every rule of tidiness is known to bite. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listFiles, readManifests, readSourceFiles, workspaceRoot } from '../source-files.ts'
import type { SourceFile } from '../source-files.ts'
import { suites } from '../test/suites.ts'
import {
  headers,
  listedInTables,
  noDeadFiles,
  noEnums,
  noReminders,
  noRulesSwitchedOff,
  noTestsSwitchedOff,
  plainNames,
  shortFiles,
  tidyRules,
} from './tidy-rules.ts'
import type { TidyRule } from './tidy-rules.ts'

const header = '/** A probe. */\n'
const file = (path: string, source: string = header): SourceFile => ({ path, source })
const src = 'packages/engine/src'

type Case = { readonly rule: TidyRule; readonly offends: readonly SourceFile[]; readonly fine: readonly SourceFile[] }

const table = file('packages/protocol/src/options/option-table.ts', `${header}import { a } from './a.ts'\n`)
const option = header + 'export const a = defineOption({ code: 1 })\n'
const offTest = (what: string): SourceFile => file(`${src}/a.test.ts`, `${header}${'it'}.${what}('works', () => {})\n`)

const cases: readonly Case[] = [
  {
    rule: shortFiles,
    offends: [file(`${src}/long.ts`, header + 'f()\n'.repeat(400))],
    fine: [file(`${src}/long.ts`, header + 'f()\n'.repeat(399)), file(`${src}/conflict-table.ts`, 'f()\n'.repeat(900))],
  },
  {
    rule: headers,
    offends: [file(`${src}/a.ts`, 'export {}\n'), file(`${src}/b.ts`, '/** */\nexport {}\n')],
    fine: [file(`${src}/a.ts`), file('bin/a.mjs', `#!/usr/bin/env node\n${header}`)],
  },
  {
    rule: noReminders,
    offends: [
      file(`${src}/a.ts`, `${header}// TO${'DO'}: later\n`),
      file(`${src}/b.ts`, `throw new Error('not ${'implemented'}')`),
    ],
    fine: [file(`${src}/a.ts`, `${header}// toDoList\n`)],
  },
  {
    rule: noTestsSwitchedOff,
    offends: [offTest('only'), offTest('skip'), offTest('todo')],
    fine: [offTest('each([1])'), file(`${src}/only.ts`, `${header}${'test'}.only\n`)],
  },
  {
    rule: noRulesSwitchedOff,
    offends: [
      file(`${src}/a.ts`, `${header}/* oxlint-${'disable'} */\n`),
      file(`${src}/b.ts`, `${header}// oxlint-${'disable'}-next-line no-empty\n`),
    ],
    fine: [file(`${src}/a.ts`, `${header}// oxlint-${'disable'}-next-line no-empty -- the file may be gone\n`)],
  },
  {
    rule: plainNames,
    offends: ['string-utils.ts', 'utils/text.ts', 'LeaseTable.ts', 'lease_table.ts'].map((name) =>
      file(`${src}/${name}`),
    ),
    fine: ['lease-table.ts', 'leases.controller.ts', 'lease-table.test.ts'].map((name) => file(`${src}/${name}`)),
  },
  {
    rule: noEnums,
    offends: [file('apps/server/src/a.ts', `${header}export enum Role { A }\n`)],
    fine: [file('apps/server/src/a.ts', `${header}// an enumeration\n`)],
  },
  {
    rule: listedInTables,
    offends: [
      file('packages/protocol/src/options/b.ts', option),
      file(`${src}/failover/states/normal.ts`, `${header}export const normal = defineState({})\n`),
    ],
    fine: [file('packages/protocol/src/options/a.ts', option), table],
  },
  {
    rule: noDeadFiles,
    offends: [file(`${src}/forgotten.ts`)],
    fine: [
      file(`${src}/index.ts`, `${header}export { a } from './a.ts'\n`),
      file(`${src}/a.ts`, `${header}new Worker(new URL('./worker.js', import.meta.url))\n`),
      file(`${src}/worker.ts`),
      file(`${src}/write-manual.ts`),
      file('packages/engine/package.json', '{ "scripts": { "manual": "node src/write-manual.ts" } }'),
    ],
  },
]

describe('tidiness', () => {
  const files = [...readSourceFiles(), ...readManifests()]

  it.each(tidyRules)('holds in the workspace: $name', ({ complaints }) => {
    expect(complaints(files)).toEqual([])
  })

  it('has a case for each rule', () => {
    expect(cases.map(({ rule }) => rule.name)).toEqual(tidyRules.map(({ name }) => name))
  })

  it.each(cases)('is lost, and found to be lost: $rule.name', ({ rule, offends, fine }) => {
    expect(rule.complaints(fine)).toEqual([])
    for (const each of offends) expect(rule.complaints([each]), each.path).toHaveLength(1)
  })

  it('misses a real option, and a real state, as soon as its line leaves the table', () => {
    const without = (table: RegExp, line: string): readonly SourceFile[] =>
      files.map((each) =>
        table.test(each.path)
          ? file(each.path, each.source.replace(new RegExp(`^import .*${line}.*$`, 'm'), ''))
          : each,
      )
    expect(listedInTables.complaints(without(/options\/option-table\.ts$/, '/dns-servers.ts'))).toHaveLength(1)
    expect(listedInTables.complaints(without(/states\/state-table\.ts$/, '/partner-down.ts'))).toHaveLength(1)
  })

  it('asks that every test file in e2e is run by a suite', () => {
    const commands = suites.map((suite) => suite.command.join(' '))
    const forgotten = listFiles()
      .filter((path) => /^e2e\/(network|partner)\/.*\.e2e\.ts$/.test(path))
      .filter((path) => !commands.some((command) => command.includes(path.replace('e2e/', ''))))
    expect(forgotten).toEqual([])
  })

  it('asks that every link from one page to another, or to a picture, leads somewhere', () => {
    const pages = ['README.md', ...listFiles('docs').filter((path) => path.endsWith('.md'))]
    const broken = pages.flatMap((page) =>
      linksIn(readFileSync(join(workspaceRoot, page), 'utf8'))
        .filter((target) => !existsSync(join(workspaceRoot, dirname(page), target)))
        .map((target) => `${page} -> ${target}`),
    )
    expect(pages.length).toBeGreaterThan(4)
    expect(broken).toEqual([])
    expect(linksIn('see [a](b.md#part), ![c](d.png), [e](https://f.example) and [g](#h)')).toEqual(['b.md', 'd.png'])
    expect(linksIn('<a href="i.png"><img src="j.png" width="1"></a>')).toEqual(['j.png'])
  })

  it('asks that the pictures of the console are all shown, in both sizes and themes, and are not too many for a clone', () => {
    const folder = join(workspaceRoot, 'docs/console')
    const pictures = readdirSync(folder).filter((name) => name !== 'README.md')
    expect(linksIn(readFileSync(join(folder, 'README.md'), 'utf8')).toSorted()).toEqual(pictures.toSorted())
    const screens = new Set(pictures.map((name) => name.replace(/-(?:desktop|phone)-(?:light|dark)\.webp$/, '')))
    expect(pictures).toHaveLength(screens.size * 4)
    expect(screens.size).toBeGreaterThan(20)
    const octets = pictures.map((name) => statSync(join(folder, name)).size).reduce((sum, size) => sum + size, 0)
    expect(octets).toBeLessThan(8_000_000)
  })

  it('asks that decisions are numbered, each number once, with a title, and stand in their index', () => {
    const names = readdirSync(join(workspaceRoot, 'docs/decisions')).filter((name) => name !== 'README.md')
    const index = readFileSync(join(workspaceRoot, 'docs/decisions/README.md'), 'utf8')
    expect(linksIn(index).toSorted()).toEqual(names.toSorted())
    expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([])
    expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length)
    for (const name of names) {
      const text = readFileSync(join(workspaceRoot, 'docs/decisions', name), 'utf8')
      expect(text, name).toMatch(new RegExp(`^# 0*${Number(name.slice(0, 4))}[:.] \\S`))
    }
  })
})

/** Targets inside the repository, without their anchors. */
function linksIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/(?:\]\(|<img src=")(?<target>[^)\s#"]+)/g)]
    .map((match) => match.groups?.['target'] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
}
