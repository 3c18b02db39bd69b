/** How `tandem ctl` prints: text in columns for people, JSON as the API has it for programs. */
import { UserError } from '../user-error.ts'

/** `json` is one document, `jsonl` one item a line as they come. */
export const formats = ['text', 'json', 'jsonl'] as const
export type Format = (typeof formats)[number]

export function formatOf(text: string): Format {
  const found = formats.find((each) => each === text)
  if (found === undefined) throw new UserError(`--output takes ${formats.join(', ')}, not "${text}".`)
  return found
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Words for people beside the result itself. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function printJson(value: unknown, format: Exclude<Format, 'text'>): void {
  print(format === 'json' ? JSON.stringify(value, undefined, 2) : JSON.stringify(value))
}

export type Row = readonly string[]

/** The first row is the heads; columns of digits alone stand to the right. */
export function table(rows: readonly Row[]): string {
  const [heads = [], ...body] = rows
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const numeric = heads.map((_, column) => body.every((row) => /^\d*$/.test(row[column] ?? '')))
  const line = (row: Row): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return numeric[column] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}

/** `2026-11-27 02:41:07Z`: the same for whoever reads it, wherever. */
export function timeText(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)}Z`
}
