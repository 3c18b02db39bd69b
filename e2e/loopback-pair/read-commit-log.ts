/** The commits beside a database, read by their documented form and not with the server's own code (docs/decisions/0087). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

const HEAD_OCTETS = 16

/** The columns of a row of the table `Binding`, in the order in which the log has them. */
const COLUMNS = (
  'kind address length subnetId relationship status clientDuid clientIaType clientIaid statusSince statusExpiresAt ' +
  't1Seconds t2Seconds preferredSeconds validSeconds lifetimeRule lifetimeAcked clientHeardAt partnerHeardClientAt ' +
  'expirationTime ackedPartnerLifetime partnerLifetime owedToPartner updateSent relayData clientFqdn commitNumber'
).split(' ')

const OCTETS: ReadonlySet<string> = new Set(['address', 'clientDuid', 'relayData', 'clientFqdn'])

export type LoggedRow = Readonly<Record<string, unknown>>

/** Rows of bindings in the order of their commits; a write that was cut off ends a segment. */
export function readLoggedBindings(folder: string): readonly LoggedRow[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => textsOf(readFileSync(join(folder, name))))
    .flatMap((text) => {
      const commit: unknown = JSON.parse(text)
      if (typeof commit !== 'object' || commit === null || !('bindings' in commit)) return []
      return Array.isArray(commit.bindings) ? commit.bindings.map(toRow) : []
    })
}

function textsOf(segment: Buffer): readonly string[] {
  const texts: string[] = []
  let at = 0
  while (at + HEAD_OCTETS <= segment.length) {
    const end = at + HEAD_OCTETS + segment.readUInt32LE(at)
    if (end > segment.length || segment.readUInt32LE(at + 4) !== crc32(segment.subarray(at + 8, end))) break
    texts.push(segment.toString('utf8', at + HEAD_OCTETS, end))
    at = end
  }
  return texts
}

function toRow(values: unknown): LoggedRow {
  if (!Array.isArray(values)) throw new Error('the commit log holds no list where a row stands')
  return Object.fromEntries(
    COLUMNS.map((column, index): [string, unknown] => {
      const value: unknown = values[index]
      return [column, OCTETS.has(column) && typeof value === 'string' ? Buffer.from(value, 'hex') : value]
    }),
  )
}
