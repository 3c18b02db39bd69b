/** Reads a configuration file: either what the process runs with, or everything that is wrong with it, by line. */
import { checkConfiguration, pathText, type ConfigurationProblem } from '@tandem/engine'
import { createHash } from 'node:crypto'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkNode } from './check-node.ts'
import { composeEngine, composeNode, warningsOf } from './compose-configuration.ts'
import { fileSchema, type ConfigurationFile } from './file-schema.ts'
import type { ServerConfiguration } from './server-configuration.ts'
import { problemsOfShape } from './shape-problems.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

export interface LocatedProblem extends ConfigurationProblem {
  readonly line: number
}

export type LoadedConfiguration =
  | { readonly ok: true; readonly configuration: ServerConfiguration }
  | { readonly ok: false; readonly file: string; readonly problems: readonly LocatedProblem[] }

export function loadConfiguration(file: string): LoadedConfiguration {
  try {
    return parseConfiguration(readFileSync(file, 'utf8'), file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const message = `the file cannot be read (${String(error.code)})`
    return { ok: false, file, problems: [{ path: [], line: 1, message, remedy: 'Check its name and permissions.' }] }
  }
}

function syntaxRemedy(message: string): string {
  if (message.startsWith('Tabs ')) return 'Indent with spaces.'
  if (message.startsWith('Map keys must be unique')) return 'Remove one of the two, or rename it.'
  return 'Correct the YAML; values with a colon or brackets, such as addresses, are safest in quotes.'
}

/** `file` gives messages their name and relative paths their folder. */
export function parseConfiguration(text: string, file: string): LoadedConfiguration {
  const source = readYaml(text)
  // What follows the first error of syntax is mostly its echo.
  const [syntaxError] = source.syntaxErrors
  if (syntaxError !== undefined) {
    return { ok: false, file, problems: [{ ...syntaxError, path: [], remedy: syntaxRemedy(syntaxError.message) }] }
  }
  const shape = fileSchema.safeParse(source.value)
  const problems = shape.success
    ? problemsAcross(shape.data, file)
    : [
        ...problemsOfShape(shape.error.issues, source.value),
        ...problemsBesideUnknownFields(source.value, shape.error.issues, file),
      ]
  if (!shape.success || problems.length > 0) return { ok: false, file, problems: located(problems, source) }
  return {
    ok: true,
    configuration: {
      node: composeNode(shape.data, file),
      engine: composeEngine(shape.data),
      source: { file: resolve(file), text, sha256: createHash('sha256').update(text).digest('hex') },
      warnings: warningsOf(shape.data),
    },
  }
}

/** `FILE:LINE: field.path: what is wrong. Remedy.` */
export function problemText(file: string, { path, line, message, remedy }: LocatedProblem): string {
  const where = path.length === 0 ? '' : `${pathText(path)}: `
  return `${file}:${line}: ${where}${message}. ${remedy}`
}

function problemsAcross(file: ConfigurationFile, fileName: string): readonly ConfigurationProblem[] {
  return [
    ...checkNode(file),
    ...withInheritedPlaces(
      checkConfiguration({ ...composeEngine(file), shortTimersAllowed: file.testing.shortTimers }),
      file,
    ),
    ...checkFiles(file, dirname(fileName)),
  ]
}

/** A subnet's lifetime that is wrong because of the defaults is wrong there, and only once. */
function withInheritedPlaces(
  problems: readonly ConfigurationProblem[],
  file: ConfigurationFile,
): readonly ConfigurationProblem[] {
  const moved = problems.map((problem) => {
    const [section, index, group, field] = problem.path
    if (section !== 'subnets' || group !== 'lifetimes' || typeof index !== 'number') return problem
    const stands = (lifetimes: object | undefined) => lifetimes !== undefined && String(field) in lifetimes
    const inherited = !stands(file.subnets[index]?.lifetimes) && stands(file.defaults.lifetimes)
    return inherited ? { ...problem, path: ['defaults', 'lifetimes', String(field)] } : problem
  })
  return [...new Map(moved.map((problem) => [`${pathText(problem.path)} ${problem.message}`, problem])).values()]
}

/** An unknown field hides nothing else: without it the rest is checked in the same run. */
function problemsBesideUnknownFields(
  value: unknown,
  issues: Parameters<typeof problemsOfShape>[0],
  fileName: string,
): readonly ConfigurationProblem[] {
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys')
  if (unknown.length !== issues.length) return []
  const rest: unknown = structuredClone(value)
  for (const { path, keys } of unknown) {
    const owner = path.reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : undefined), rest)
    if (isRecord(owner)) for (const key of keys) delete owner[key]
  }
  const again = fileSchema.safeParse(rest)
  return again.success ? problemsAcross(again.data, fileName) : []
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}

function located(problems: readonly ConfigurationProblem[], source: YamlSource): readonly LocatedProblem[] {
  return problems
    .map((problem) => ({ ...problem, line: source.lineOf(problem.path) }))
    .toSorted((a, b) => a.line - b.line)
}

/** Files that must be there before anything starts. */
function checkFiles({ node }: ConfigurationFile, folder: string): readonly ConfigurationProblem[] {
  const partnerFiles = node.partners.flatMap(({ tls }, index) =>
    tls === undefined
      ? []
      : (['certificate', 'key', 'authority'] as const).map((field) => ({
          path: ['node', 'partners', index, 'tls', field],
          name: tls[field],
        })),
  )
  const { tls } = node.api
  const apiFiles = (['certificate', 'key'] as const).flatMap((field) => {
    const name = tls?.[field]
    return name === undefined ? [] : [{ path: ['node', 'api', 'tls', field], name }]
  })
  return [...partnerFiles, ...apiFiles].flatMap(({ path, name }) => {
    const complaint = unreadable(resolve(folder, name))
    return complaint === undefined
      ? []
      : [
          {
            path,
            message: complaint,
            remedy: 'Correct the name or the permissions; "tandem certificates" makes such files.',
          },
        ]
  })
}

function unreadable(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK)
    return statSync(file).isFile() ? undefined : `${file} is not a file`
  } catch (error) {
    return `${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`
  }
}
