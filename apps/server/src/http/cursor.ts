/** Cursors of pages: opaque to callers, checked when they come back. */
import { HttpProblem } from './http-problem.ts'

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts, of which each must be text or a number; anything else is the caller's mistake. */
export function decodeCursor(cursor: string, partCount: number): readonly (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === partCount && parts.every(isPart)) return parts
  } catch {
    // Not JSON: the same mistake as the wrong JSON, answered below.
  }
  throw wrongCursor()
}

export function wrongCursor(): HttpProblem {
  return new HttpProblem('invalid-request', {
    detail: 'query.cursor: is not a cursor of this list',
    remedy: 'Send nextCursor of the page before, unchanged, or leave it out to begin at the first page.',
    fields: [{ field: 'query.cursor', message: 'is not a cursor of this list' }],
  })
}

/** For lists in the order of a number, newest first. */
export function idOfCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const [id] = decodeCursor(cursor, 1)
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw wrongCursor()
  return id
}

/** Ask for one more than the page holds: its presence says that there is another page. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => readonly (string | number)[],
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  }
}

const isPart = (part: unknown): part is string | number => typeof part === 'string' || typeof part === 'number'
