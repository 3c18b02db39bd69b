/** What pages for people say of the code, checked: files that the map of the RFCs names. */

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
