/** What a tidy workspace is, one small rule each: a rule reads the files and returns a sentence for each offence. */
import { posix } from 'node:path'
import { readImports } from '../import-rules/read-imports.ts'
import type { SourceFile } from '../source-files.ts'

export type TidyRule = {
  readonly name: string
  readonly complaints: (files: readonly SourceFile[]) => readonly string[]
}

const LINES_MAX = 400
/** Long because the world that they list is long: their name says so. */
const LISTS = /(-table|-matrix|-numbers|-codes|-rules|-golden|-fixtures)(\.test)?\.ts$/
// Written in two parts so that this file does not offend its own rule.
const REMINDERS = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK', 'not ' + 'implemented'].join('|')})\\b`,
)
const SWITCHED_OFF = /\b(it|test|describe|suite)\.(only|skip|todo)\b|\b(fit|fdescribe|xit|xdescribe)\(/
const RULE_SWITCHED_OFF = /(eslint|oxlint|biome)-(disable|ignore)(?!-next-line \S+ -- \S)/
const VAGUE_NAME = /(^|[-/.])(utils?|helpers?|managers?|common|misc)([-/.]|$)/
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
const TEST = /\.(test|e2e|fixture)\.tsx?$|\/test-support\//

/** The manifests come along only because their scripts name files. */
const isSource = ({ path }: SourceFile): boolean => !path.endsWith('.json')

const eachFile =
  (complain: (file: SourceFile) => string | undefined): TidyRule['complaints'] =>
  (files) =>
    files.filter(isSource).flatMap((file) => {
      const complaint = complain(file)
      return complaint === undefined ? [] : [`${file.path}: ${complaint}`]
    })

const lineCount = (source: string): number => source.trimEnd().split('\n').length

/** The line number of the first match, or none. */
function firstLine(source: string, pattern: RegExp): number | undefined {
  const index = source.split('\n').findIndex((line) => pattern.test(line))
  return index === -1 ? undefined : index + 1
}

export const shortFiles: TidyRule = {
  name: `a file has at most ${LINES_MAX} lines`,
  complaints: eachFile(({ path, source }) =>
    LISTS.test(path) || lineCount(source) <= LINES_MAX ? undefined : `${lineCount(source)} lines`,
  ),
}

export const headers: TidyRule = {
  name: 'the first line says what the file is',
  complaints: eachFile(({ source }) => {
    const first = source.startsWith('#!') ? source.slice(source.indexOf('\n') + 1) : source
    return /^\/\*\*\s+(\* )?(?!\*\/)\S/.test(first) ? undefined : 'begins without a /** comment that says what it is'
  }),
}

export const noReminders: TidyRule = {
  name: 'no reminder is left behind',
  complaints: eachFile(({ source }) => {
    const line = firstLine(source, REMINDERS)
    return line === undefined ? undefined : `a reminder in line ${line}`
  }),
}

export const noTestsSwitchedOff: TidyRule = {
  name: 'no test is switched off, or alone switched on',
  complaints: eachFile(({ path, source }) => {
    const line = TEST.test(path) ? firstLine(source, SWITCHED_OFF) : undefined
    return line === undefined ? undefined : `a test is switched off in line ${line}`
  }),
}

export const noRulesSwitchedOff: TidyRule = {
  name: 'a lint rule is switched off for one line only, by name and with the reason',
  complaints: eachFile(({ source }) => {
    const line = firstLine(source, RULE_SWITCHED_OFF)
    return line === undefined ? undefined : `a rule is switched off without a reason in line ${line}`
  }),
}

export const plainNames: TidyRule = {
  name: 'files are in kebab-case and named for what they hold',
  complaints: eachFile(({ path }) => {
    if (VAGUE_NAME.test(path)) return 'its name says nothing (utils, helpers, manager, common)'
    return KEBAB_CASE.test(posix.basename(path)) ? undefined : 'its name is not in kebab-case'
  }),
}

export const noEnums: TidyRule = {
  name: 'there is no enum',
  complaints: eachFile(({ source }) => {
    const line = firstLine(source, /^(export )?(const )?enum \w/)
    return line === undefined ? undefined : `an enum in line ${line}`
  }),
}

/** What grows is listed where everyone sees it: a definition that no list imports would never be used. */
const LISTED: readonly { readonly defines: RegExp; readonly list: RegExp }[] = [
  { defines: /^export const \w+(: [^=]+)? = defineOption\(/m, list: /\/options\/.*table\.ts$/ },
  { defines: /^export const \w+(: [^=]+)? = defineState\(/m, list: /\/states\/state-table\.ts$/ },
]

export const listedInTables: TidyRule = {
  name: 'an option or a state stands in its table',
  complaints: (files) =>
    LISTED.flatMap(({ defines, list }) => {
      const listed = new Set(files.filter(({ path }) => list.test(path)).flatMap(importedPaths))
      return files
        .filter(({ path, source }) => defines.test(source) && !TEST.test(path) && !listed.has(path))
        .map(({ path }) => `${path}: defined here, and listed in no table (${list.source})`)
    }),
}

/** Where a program, a package or a tool begins; nothing imports these. */
const ENTRANCES = [
  /^(packages|apps)\/[^/]+\/src\/(index|main|cli\/main)\.tsx?$/,
  /\.(test|e2e|fixture|config|d)\.tsx?$/,
  /^(e2e|benchmarks|tooling|prisma|bin)\//,
  /\/(mock-api|test-support)\//,
]

export const noDeadFiles: TidyRule = {
  name: 'no file is imported by nobody',
  complaints: (files) => {
    const product = files.filter(({ path }) => !TEST.test(path))
    const used = new Set(product.flatMap((file) => [...importedPaths(file), ...namedPaths(file)]))
    return files
      .filter(isSource)
      .filter(({ path }) => !used.has(path) && !ENTRANCES.some((entrance) => entrance.test(path)))
      .map(({ path }) => `${path}: no file of the product imports it`)
  },
}

function importedPaths({ path, source }: SourceFile): readonly string[] {
  if (!isSource({ path, source })) return []
  return readImports(path, source)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
}

/** A worker thread, or a script of a manifest, is started from a path and not imported; the compiled one ends in .js. */
function namedPaths({ path, source }: SourceFile): readonly string[] {
  const pattern = isSource({ path, source })
    ? /['"`](?<name>\.{1,2}\/[\w./-]+)\.(ts|js)['"`]/g
    : /\b(?<name>src\/[\w./-]+)\.ts\b/g
  return [...source.matchAll(pattern)].map((match) =>
    posix.join(posix.dirname(path), `${match.groups?.['name'] ?? ''}.ts`),
  )
}

export const tidyRules: readonly TidyRule[] = [
  shortFiles,
  headers,
  noReminders,
  noTestsSwitchedOff,
  noRulesSwitchedOff,
  plainNames,
  noEnums,
  listedInTables,
  noDeadFiles,
]
