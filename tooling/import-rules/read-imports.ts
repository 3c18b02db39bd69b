/** Lists what a TypeScript file imports, as its parser sees it: static, re-exported and dynamic imports. */
import { parseSync } from 'oxc-parser'

export type FileImport = {
  readonly specifier: string
  readonly line: number
  /** Gone after compilation, so it can close no cycle at run time. */
  readonly typeOnly: boolean
}

export function readImports(file: string, source: string): readonly FileImport[] {
  const { module, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message ?? ''}`)
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length
  const imported = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    line: lineOf(moduleRequest.start),
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }))
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null || moduleRequest === undefined
        ? []
        : [{ specifier: moduleRequest.value, line: lineOf(moduleRequest.start), typeOnly: isType }],
    ),
  )
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const literal = /^['"](?<specifier>[^'"]+)['"]$/.exec(source.slice(moduleRequest.start, moduleRequest.end))
    const specifier = literal?.groups?.['specifier']
    return specifier === undefined ? [] : [{ specifier, line: lineOf(moduleRequest.start), typeOnly: false }]
  })
  return [...imported, ...exported, ...dynamic]
}
