/** What pages for people say of the code, checked: the files and tests that they name. */

/** `a/{b,c}.ts` is `a/b.ts` and `a/c.ts`. */
export function expandBraces(path: string): readonly string[] {
  const match = /^(?<before>[^{]*)\{(?<middle>[^}]*)\}(?<after>.*)$/.exec(path)?.groups
  if (match === undefined) return [path]
  return (match['middle'] ?? '').split(',').map((each) => `${match['before'] ?? ''}${each}${match['after'] ?? ''}`)
}

const IS_TEST = /\.test\.ts$/
const IS_SHOWN = /\.(test|e2e)\.ts$/

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

/** Each row: number, complaint, what is done about it, tests that show it. What is not done has to say so. */
export function complaintsPageComplaints(page: string, exists: (path: string) => boolean): readonly string[] {
  const rows = page
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((row) => row.split('|').map((cell) => cell.trim()))
  const numbers = rows.map(([, number]) => Number(number))
  const isWhole = numbers.length > 0 && numbers.every((number, at) => number === at + 1)
  return [
    ...(isWhole ? [] : ['the rows are not numbered from 1 on']),
    ...rows.flatMap(([, number = '', , done = '', shown = '']) => [
      ...pathsIn(shown)
        .filter((path) => !exists(path))
        .map((path) => `${number}: there is no ${path}`),
      ...(pathsIn(shown).some((path) => IS_SHOWN.test(path)) || done === 'Not yet' ? [] : [`${number}: names no test`]),
    ]),
  ]
}
