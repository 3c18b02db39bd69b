/** The tables of `docs/rfc-map.md` that go rule by rule and gap by gap, checked: nothing left out, and what they name exists (RFC 8156). */
import { expandBraces } from './page-rules.ts'

/** Rules of RFC 8156 that can be checked, as numbered in the map. */
export const RULE_COUNT = 200
/** Places where RFC 8156 contradicts itself or is silent. */
export const GAP_COUNT = 36
/** Dynamic DNS is no part of the product: of these, and only of these, a row may say that it does not apply. */
const NOT_APPLICABLE: ReadonlySet<number> = new Set([191, 192, 193, 194, 195, 198, 199, 200])
/** MUST, MUST NOT, SHOULD, SHOULD NOT, MAY, and plain words without a capitalised keyword. */
const STRENGTHS: ReadonlySet<string> = new Set(['M', 'N', 'S', 'SN', 'Y', 'm', 'M/N'])

/** Text of a file of the workspace, or undefined where there is none. */
export type ReadFile = (path: string) => string | undefined

/** Rows of every table whose header begins with this cell, as cells. */
export function tableRows(markdown: string, firstHeaderCell: string): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = []
  let isInside = false
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      isInside = false
      continue
    }
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (cells[0] === firstHeaderCell) isInside = true
    else if (isInside && !/^-+$/.test(cells[0] ?? '')) rows.push(cells)
  }
  return rows
}

/** Rule, what it says, strength, files, tests: each rule once, with files and with tests that are there. */
export function ruleComplaints(markdown: string, read: ReadFile): readonly string[] {
  const rows = tableRows(markdown, 'Rule')
  const numbers = Array.from({ length: RULE_COUNT }, (_, index) => String(index + 1))
  return [
    ...numberingComplaints('rule', rows, numbers),
    ...rows.flatMap(([number = '', words = '', strength = '', files = '', tests = '']) => {
      const about = `rule ${number}`
      const own = [
        ...(words === '' ? [`${about}: says nothing`] : []),
        ...(STRENGTHS.has(strength) ? [] : [`${about}: its strength is ${strength}`]),
      ]
      if (tests.startsWith('does not apply: ') && NOT_APPLICABLE.has(Number(number))) return own
      return [...own, ...fileComplaints(about, files, read), ...testComplaints(about, tests, read)]
    }),
  ]
}

/** Gap, what we do, decision, tests: each gap once, decided in a page and tested. */
export function gapComplaints(markdown: string, read: ReadFile): readonly string[] {
  const rows = tableRows(markdown, 'Gap')
  const numbers = Array.from({ length: GAP_COUNT }, (_, index) => `A${index + 1}`)
  return [
    ...numberingComplaints('gap', rows, numbers),
    ...rows.flatMap(([number = '', words = '', decision = '', tests = '']) => {
      const about = `gap ${number}`
      const pages = [...decision.matchAll(/\]\((?<page>decisions\/\d{4}-[a-z0-9-]+\.md)\)/g)].map(
        (match) => `docs/${match.groups?.['page'] ?? ''}`,
      )
      return [
        ...(words === '' ? [`${about}: says nothing`] : []),
        ...(pages.length === 0 ? [`${about}: names no decision`] : []),
        ...pages.flatMap((page) => decisionComplaints(about, number, page, read)),
        ...testComplaints(about, tests, read),
      ]
    }),
  ]
}

function numberingComplaints(
  kind: string,
  rows: readonly (readonly string[])[],
  numbers: readonly string[],
): readonly string[] {
  const found = rows.map(([number = '']) => number)
  return [
    ...numbers.filter((number) => !found.includes(number)).map((number) => `${kind} ${number} is missing`),
    ...numbers
      .filter((number) => found.filter((other) => other === number).length > 1)
      .map((number) => `${kind} ${number} stands there twice`),
    ...found.filter((number) => !numbers.includes(number)).map((number) => `${kind} ${number} is no ${kind}`),
  ]
}

function decisionComplaints(about: string, number: string, page: string, read: ReadFile): readonly string[] {
  const text = read(page)
  if (text === undefined) return [`${about}: there is no ${page}`]
  return new RegExp(`\\b${number}\\b`).test(text) ? [] : [`${about}: ${page} does not name it`]
}

function fileComplaints(about: string, cell: string, read: ReadFile): readonly string[] {
  const paths = [...cell.matchAll(/`(?<path>[^`]+)`/g)].flatMap((match) => expandBraces(match.groups?.['path'] ?? ''))
  if (paths.length === 0) return [`${about}: names no file`]
  return paths.filter((path) => read(path) === undefined).map((path) => `${about}: there is no ${path}`)
}

/** A path in backquotes and behind it, in quotes, part of the title of a test in that file. */
function testComplaints(about: string, cell: string, read: ReadFile): readonly string[] {
  const named = [...cell.matchAll(/`(?<path>[^`]+)`(?<titles>(?:,? "[^"]+")*)/g)]
  if (named.length === 0) return [`${about}: names no test`]
  return named.flatMap(({ groups }) => {
    const path = groups?.['path'] ?? ''
    const titles = [...(groups?.['titles'] ?? '').matchAll(/"(?<title>[^"]+)"/g)]
    const source = read(path)
    if (source === undefined) return [`${about}: there is no ${path}`]
    if (titles.length === 0) return [`${about}: ${path} without the title of a test`]
    return titles
      .map((match) => match.groups?.['title'] ?? '')
      .filter((title) => !hasTest(path, source, title))
      .map((title) => `${about}: ${path} has no test "${title}"`)
  })
}

/** A story of the simulator is a test as a whole: there the words may stand anywhere. */
function hasTest(path: string, source: string, title: string): boolean {
  if (path.endsWith('.scenario.txt')) return source.includes(title)
  if (!/\.(test|e2e)\.ts$/.test(path)) return false
  const words = title.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
  return new RegExp(
    `(['"\`])(?:(?!\\1)[^\\n])*${words}(?:(?!\\1)[^\\n])*\\1\\s*,\\s*(?:\\{[^}]*\\}\\s*,\\s*)?(?:async\\s*)?\\(`,
  ).test(source)
}
