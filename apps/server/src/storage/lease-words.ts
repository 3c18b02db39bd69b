/** What a database has an index of: parts of DUIDs and host names, IAIDs, and leases that are not active (decision 0118). */
import type { SqlValue } from './sql-value.ts'

/** All of it has to be true of a lease. Hexadecimal digits are upper case, without colons. */
export interface LeaseWords {
  readonly duidPart: string | undefined
  readonly iaid: number | undefined
  /** Each of them is contained, in one of its forms. */
  readonly hostNameParts: readonly (readonly string[])[]
}

/** What stands behind FROM, named "found": all columns of the leases that are wanted, and no other leases. */
export interface FoundLeases {
  readonly from: string
  /** The same without columns, where they are only counted. */
  readonly fromToCount: string
  readonly values: readonly SqlValue[]
}

/** Shorter ones are nearly everywhere, and an index of threes knows nothing of them. */
export const DIGITS_MIN = 3

/** The words that an index knows, or undefined if that is none of them: such are looked for in the rows. */
export function indexedWords({ duidPart, iaid, hostNameParts }: LeaseWords): LeaseWords | undefined {
  const words = {
    duidPart: duidPart !== undefined && duidPart.length >= DIGITS_MIN ? duidPart : undefined,
    iaid,
    hostNameParts: hostNameParts.filter((forms) => forms.every(({ length }) => length >= DIGITS_MIN)),
  }
  return words.duidPart === undefined && iaid === undefined && words.hostNameParts.length === 0 ? undefined : words
}

/** Half of a hardware address: few clients have it alike. */
const TAIL_DIGITS = 8

/**
 * The same with the last digits of a DUID alone, undefined where they are all there is. What stands before them is often of its
 * maker, and a phrase with it is looked for among all of that maker's; so these find more than is wanted, and much sooner.
 */
export function withTailOfDuid(words: LeaseWords): LeaseWords | undefined {
  const { duidPart } = words
  if (duidPart === undefined || duidPart.length <= TAIL_DIGITS) return undefined
  return { ...words, duidPart: duidPart.slice(-TAIL_DIGITS) }
}

/** For a database file: a full-text table of threes of digits, which finds a phrase wherever it stands. */
export function foundInFile({ duidPart, iaid, hostNameParts }: LeaseWords): FoundLeases {
  const phrases = [
    ...(duidPart === undefined ? [] : [`duid : "${duidPart}"`]),
    ...hostNameParts.map((forms) => `(${forms.map((form) => `host : "${form}"`).join(' OR ')})`),
  ]
  const hasPhrases = phrases.length > 0
  const conditions = [
    ...(hasPhrases ? ['s."LeaseSearch" MATCH ?'] : []),
    ...(iaid === undefined ? [] : ['k."iaid" = ?']),
  ].join(' AND ')
  // The order of a CROSS JOIN is kept: the planner might begin with the big table.
  const keys = hasPhrases
    ? '"LeaseSearch" AS s CROSS JOIN "LeaseSearchKey" AS k ON k."id" = s.rowid'
    : '"LeaseSearchKey" AS k'
  return {
    from: `(SELECT b.* FROM ${keys} CROSS JOIN "Binding" AS b
      ON b."kind" = k."kind" AND b."address" = k."address" AND b."length" = k."length" WHERE ${conditions}) AS "found"`,
    fromToCount: `(SELECT 1 FROM ${iaid === undefined ? '"LeaseSearch" AS s' : keys} WHERE ${conditions}) AS "found"`,
    values: [...(hasPhrases ? [phrases.join(' AND ')] : []), ...(iaid === undefined ? [] : [iaid])],
  }
}

/** For a database file: without statistics the planner would walk the key. */
export function rareInFile(status: string): FoundLeases {
  return rareOf('"Binding" INDEXED BY "Binding_not_active_idx"', status)
}

export function rareInPostgresql(status: string): FoundLeases {
  return rareOf('"Binding"', status)
}

function rareOf(table: string, status: string): FoundLeases {
  const from = `(SELECT * FROM ${table} WHERE "status" = ? AND "status" <> 'ACTIVE') AS "found"`
  return { from, fromToCount: from, values: [status] }
}

/** For PostgreSQL: indexes of expressions, which have to be written as the migration wrote them. */
export function foundInPostgresql({ duidPart, iaid, hostNameParts }: LeaseWords): FoundLeases {
  const contains = (column: string): string => `upper(encode("${column}", 'hex')) LIKE ?`
  const conditions: (readonly [text: string, values: readonly SqlValue[]])[] = [
    ...(duidPart === undefined ? [] : [[contains('clientDuid'), [`%${duidPart}%`]] as const]),
    ...(iaid === undefined ? [] : [['"clientIaid" = ?', [iaid]] as const]),
    ...hostNameParts.map(
      (forms) =>
        [`(${forms.map(() => contains('clientFqdn')).join(' OR ')})`, forms.map((form) => `%${form}%`)] as const,
    ),
  ]
  // Computed by itself: where it is mixed with a page's order, the planner may walk the key and look for the words row by row.
  const from = `(SELECT * FROM "Binding" WHERE ${conditions.map(([text]) => text).join(' AND ')} OFFSET 0) AS "found"`
  return { from, fromToCount: from, values: conditions.flatMap(([, values]) => values) }
}
