/** What pages for people say of the code, checked: files that the map of the RFCs names, identifiers that the log page explains. */

/** `a/{b,c}.ts` is `a/b.ts` and `a/c.ts`. */
export function expandBraces(path: string): readonly string[] {
  const match = /^(?<before>[^{]*)\{(?<middle>[^}]*)\}(?<after>.*)$/.exec(path)?.groups
  if (match === undefined) return [path]
  return (match['middle'] ?? '').split(',').map((each) => `${match['before'] ?? ''}${each}${match['after'] ?? ''}`)
}

const IS_TEST = /\.test\.ts$/

/** Each row: section, what, files, tests. */
export function rfcMapComplaints(map: string, exists: (path: string) => boolean): readonly string[] {
  return (
    map
      .split('\n\n')
      // Its other tables go rule by rule and have a check of their own.
      .filter((block) => !/^\| (Rule|Gap) /.test(block))
      .flatMap((block) => block.split('\n'))
      .filter((line) => /^\| (?!Section|RFC|---)/.test(line))
      .flatMap((row) => {
        const [, section = '', , files = '', tests = ''] = row.split('|').map((cell) => cell.trim())
        const [named, tested] = [pathsIn(files), pathsIn(tests)]
        const missing = [...named, ...tested].filter((path) => !exists(path))
        return [
          ...missing.map((path) => `section ${section}: there is no ${path}`),
          ...(named.length === 0 ? [`section ${section}: names no file`] : []),
          ...(tested.some((path) => IS_TEST.test(path)) ? [] : [`section ${section}: names no test`]),
        ]
      })
  )
}

function pathsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(?<path>[^`]+)`/g)].flatMap((match) => expandBraces(match.groups?.['path'] ?? ''))
}

/** Identifiers of log lines, where they are written: an argument or a field `id`. */
const LOG_IDENTIFIER = /(?:\bid: |\b(?:info|warning|error)',\s*|LOG_LEVELS\[level\], )'(?<id>[A-Z]+(?:_[A-Z]+)+)'/g

export function logIdentifiers(source: string): readonly string[] {
  return [...source.matchAll(LOG_IDENTIFIER)].map((match) => match.groups?.['id'] ?? '')
}

/** In both directions: nothing unexplained, and nothing explained that is never written. */
export function logPageComplaints(page: string, sources: readonly string[]): readonly string[] {
  const written = new Set(sources.flatMap(logIdentifiers))
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const explained = new Set(
    rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map((match) => match[1] ?? '')),
  )
  return [
    ...[...written].filter((id) => !explained.has(id)).map((id) => `${id} is written and not explained`),
    ...[...explained].filter((id) => !written.has(id)).map((id) => `${id} is explained and never written`),
  ]
}
