/** Rows of leases as the storage worker wrote them, and single ones by their key; lists are in lease-pages.queries.ts. */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'

/** The driver gives the octets of a list as an ArrayBuffer and those of a single row as a Buffer. */
const Octets = z
  .union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)])
  .transform((octets) => new Uint8Array(octets))
const integer = z.union([z.number(), z.bigint()]).transform(Number)

export const LeaseRow = z.object({
  kind: z.enum(['address', 'prefix']),
  address: Octets,
  length: integer,
  subnetId: z.string(),
  relationship: z.string().nullable(),
  status: z.string(),
  clientDuid: Octets.nullable(),
  clientIaType: z.string().nullable(),
  clientIaid: integer.nullable(),
  statusSince: integer,
  statusExpiresAt: integer.nullable(),
  t1Seconds: integer,
  t2Seconds: integer,
  preferredSeconds: integer,
  validSeconds: integer,
  lifetimeRule: z.string().nullable(),
  lifetimeAcked: integer.nullable(),
  clientHeardAt: integer.nullable(),
  partnerHeardClientAt: integer.nullable(),
  expirationTime: integer.nullable(),
  ackedPartnerLifetime: integer.nullable(),
  partnerLifetime: integer.nullable(),
  owedToPartner: integer,
  relayData: Octets.nullable(),
  clientFqdn: Octets.nullable(),
  /** The commit that last wrote it. */
  commitNumber: integer,
})
export type LeaseRow = z.output<typeof LeaseRow>

export const LEASE_COLUMNS = Object.keys(LeaseRow.shape)
  .map((column) => `"${column}"`)
  .join(', ')

export interface LeaseKey {
  readonly kind: 'address' | 'prefix'
  readonly address: Uint8Array
  readonly length: number
}

/** In no order, each once, without those that have no record. */
export async function findLeaseRows(
  { reader }: ConsoleDatabase,
  keys: readonly LeaseKey[],
): Promise<readonly LeaseRow[]> {
  if (keys.length === 0) return []
  const each = keys.map(() => '("kind" = ? AND "address" = ? AND "length" = ?)').join(' OR ')
  const rows = await reader.all(
    `SELECT ${LEASE_COLUMNS} FROM "Binding" WHERE ${each}`,
    keys.flatMap(({ kind, address, length }) => [kind, address, length]),
  )
  return rows.map((row) => LeaseRow.parse(row))
}

export async function findLeaseRow(
  { reader }: ConsoleDatabase,
  { kind, address, length }: LeaseKey,
): Promise<LeaseRow | undefined> {
  const [row] = await reader.all(
    `SELECT ${LEASE_COLUMNS} FROM "Binding" WHERE "kind" = ? AND "address" = ? AND "length" = ?`,
    [kind, address, length],
  )
  return row === undefined ? undefined : LeaseRow.parse(row)
}
