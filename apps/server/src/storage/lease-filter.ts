/** Which leases of a list are wanted, and the SQL that says so of a row. */
import type { ListReader } from './console-database.ts'
import type { LeaseWords } from './lease-words.ts'
import type { SqlValue } from './sql-value.ts'

export interface LeaseFilter extends LeaseWords {
  /** First and last address of a range, 16 octets each. */
  readonly within: { readonly first: Uint8Array; readonly last: Uint8Array } | undefined
  readonly subnetId: string | undefined
  readonly status: string | undefined
  readonly kind: 'address' | 'prefix' | undefined
  readonly relationship: string | undefined
  readonly relayPart: string | undefined
}

/** What the key does not tell. */
export function whereOf(
  reader: ListReader,
  { subnetId, status, duidPart, relationship, iaid, hostNameParts, relayPart }: LeaseFilter,
): { readonly text: string; readonly values: readonly SqlValue[] } {
  const parts: (readonly [text: string, ...values: SqlValue[]])[] = []
  if (subnetId !== undefined) parts.push(['"subnetId" = ?', subnetId])
  if (status !== undefined) parts.push(['"status" = ?', status])
  if (duidPart !== undefined) parts.push([reader.hexContains('"clientDuid"'), duidPart])
  if (relationship !== undefined) parts.push(['"relationship" = ?', relationship])
  if (iaid !== undefined) parts.push(['"clientIaid" = ?', iaid])
  for (const forms of hostNameParts) {
    parts.push([`(${forms.map(() => reader.hexContains('"clientFqdn"')).join(' OR ')})`, ...forms])
  }
  if (relayPart !== undefined) parts.push([reader.hexContains('"relayData"'), relayPart])
  return {
    text: parts.map(([text]) => ` AND ${text}`).join(''),
    values: parts.flatMap(([, ...values]) => values),
  }
}
