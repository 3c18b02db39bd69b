/** The map names every rule and every gap of RFC 8156 with its test, and the check of that is known to bite. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { GAP_COUNT, gapComplaints, RULE_COUNT, ruleComplaints, tableRows } from './rule-map.ts'

const read = (path: string): string | undefined => {
  const file = join(workspaceRoot, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
const map = (): string => read('docs/rfc-map.md') ?? ''

const TEST = `it('keeps it, always', () => {})\ntest.each([1])(\`\${a} is kept\`, { timeout: 5 }, async () => {})\nf('a word', 1)`
const files: Readonly<Record<string, string>> = {
  'a/b.ts': 'code',
  'a/b.test.ts': TEST,
  'a/c.scenario.txt': 'wait 2',
  'docs/decisions/0040-a.md': 'A1 to A36: A1 A2',
}
const probe = (path: string): string | undefined => files[path]

/** A whole table with one row of one's own in place of row `number`. */
function rules(number: string, row: string): string {
  const rows = Array.from({ length: RULE_COUNT }, (_, index) =>
    String(index + 1) === number ? row : `| ${index + 1} | x | M | \`a/b.ts\` | \`a/b.test.ts\` "keeps it" |`,
  )
  return ['| Rule | What | Strength | Files | Tests |', '| --- | --- | --- | --- | --- |', ...rows]
    .filter((line) => line !== '')
    .join('\n')
}

describe('the rules of RFC 8156', () => {
  it('all stand in the map, with files and tests that there are', () => {
    expect(ruleComplaints(map(), read)).toEqual([])
  })

  it.each([
    ['', ['rule 7 is missing']],
    ['| 7 | x | M | `a/b.ts` | `a/b.test.ts` "is kept" |', []],
    ['| 7 | x | M | `a/b.ts` | `a/c.scenario.txt` "wait 2" |', []],
    ['| 7 | x | M | `a/b.ts` | `a/b.test.ts` "keeps it" "is kept" |', []],
    ['| 8 | x | M | `a/b.ts` | `a/b.test.ts` "keeps it" |', ['rule 7 is missing', 'rule 8 stands there twice']],
    ['| 7 | | M | `a/b.ts` | `a/b.test.ts` "keeps it" |', ['rule 7: says nothing']],
    ['| 7 | x | ? | `a/b.ts` | `a/b.test.ts` "keeps it" |', ['rule 7: its strength is ?']],
    ['| 7 | x | M | | `a/b.test.ts` "keeps it" |', ['rule 7: names no file']],
    ['| 7 | x | M | `a/{b,d}.ts` | `a/b.test.ts` "keeps it" |', ['rule 7: there is no a/d.ts']],
    ['| 7 | x | M | `a/b.ts` | |', ['rule 7: names no test']],
    ['| 7 | x | M | `a/b.ts` | `a/b.test.ts` |', ['rule 7: a/b.test.ts without the title of a test']],
    ['| 7 | x | M | `a/b.ts` | `a/d.test.ts` "keeps it" |', ['rule 7: there is no a/d.test.ts']],
    ['| 7 | x | M | `a/b.ts` | `a/b.test.ts` "a word" |', ['rule 7: a/b.test.ts has no test "a word"']],
    ['| 7 | x | M | `a/b.ts` | `a/b.ts` "code" |', ['rule 7: a/b.ts has no test "code"']],
    ['| 7 | x | M | | does not apply: no |', ['rule 7: names no file', 'rule 7: names no test']],
  ])('are refused where the row is "%s"', (row, complaints) => {
    expect(ruleComplaints(rules('7', row), probe)).toEqual(complaints)
  })

  it('of dynamic DNS may be said not to apply', () => {
    expect(ruleComplaints(rules('191', '| 191 | x | S | | does not apply: no DNS updates |'), probe)).toEqual([])
  })

  it('are those of its own table, not of another in the page', () => {
    expect(
      tableRows('| Section | x |\n| --- | --- |\n| 4 | y |\n\n| Rule | x |\n| --- | --- |\n| 1 | z |', 'Rule'),
    ).toEqual([['1', 'z']])
  })
})

describe('the gaps of RFC 8156', () => {
  const gaps = (decision: string, tests: string): string =>
    ['| Gap | What we do | Decision | Tests |', '| --- | --- | --- | --- |']
      .concat(Array.from({ length: GAP_COUNT }, (_, index) => `| A${index + 1} | x | ${decision} | ${tests} |`))
      .join('\n')

  it('all stand in the map, decided and tested', () => {
    expect(gapComplaints(map(), read)).toEqual([])
  })

  it('are refused where one is left out, undecided, or decided in a page that does not name it', () => {
    const complete = gaps('[0040](decisions/0040-a.md)', '`a/b.test.ts` "keeps it"')
    const missing = Array.from(
      { length: GAP_COUNT - 3 },
      (_, index) => `gap A${index + 3}: docs/decisions/0040-a.md does not name it`,
    )
    expect(gapComplaints(complete, probe)).toEqual(missing)
    expect(gapComplaints(complete.replace('| A2 |', '| A1 |'), probe)).toEqual([
      'gap A2 is missing',
      'gap A1 stands there twice',
      ...missing,
    ])
    expect(gapComplaints(gaps('[0041](decisions/0041-a.md)', '`a/b.test.ts` "keeps it"'), probe)).toContain(
      'gap A1: there is no docs/decisions/0041-a.md',
    )
    expect(gapComplaints(gaps('none', ''), probe)).toEqual(
      expect.arrayContaining(['gap A1: names no decision', 'gap A1: names no test']),
    )
  })
})
