/** A binding as a row and back; the list of columns stands here once (prisma/schema.prisma, model Binding). */
import {
  duidFromBytes,
  duidFromHex,
  duidToBytes,
  ipv6AddressFromBytes,
  ipv6AddressFromNumber,
  ipv6AddressToBytes,
  type Duid,
  type Ipv6Address,
} from '@tandem/protocol'
import { instant, type Binding, type BindingClient, type Instant } from '@tandem/engine'
import { lifetimeRuleFromText, lifetimeRuleToText } from './lifetime-rule-text.ts'
import { asBytes, asNumber, asText, orNull, orUndefined, type SqlValue } from './sql-value.ts'

export const BINDING_COLUMNS = [
  'kind',
  'address',
  'length',
  'subnetId',
  'relationship',
  'status',
  'clientDuid',
  'clientIaType',
  'clientIaid',
  'statusSince',
  'statusExpiresAt',
  't1Seconds',
  't2Seconds',
  'preferredSeconds',
  'validSeconds',
  'lifetimeRule',
  'lifetimeAcked',
  'clientHeardAt',
  'partnerHeardClientAt',
  'expirationTime',
  'ackedPartnerLifetime',
  'partnerLifetime',
  'owedToPartner',
  'updateSent',
  'relayData',
  'clientFqdn',
  'commitNumber',
] as const

const KEY_COLUMNS: ReadonlySet<string> = new Set(['kind', 'address', 'length'])
const quoted = BINDING_COLUMNS.map((column) => `"${column}"`)

/** What a later commit has written stays: the tables may hear of commits out of their order (decision 0087). */
export const UPSERT_BINDING = `INSERT INTO "Binding" (${quoted.join(', ')}) VALUES (${BINDING_COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT ("kind", "address", "length") DO UPDATE SET ${BINDING_COLUMNS.filter((column) => !KEY_COLUMNS.has(column))
    .map((column) => `"${column}" = excluded."${column}"`)
    .join(', ')} WHERE excluded."commitNumber" >= "Binding"."commitNumber"`

export const OCTET_COLUMNS: ReadonlySet<string> = new Set(['address', 'clientDuid', 'relayData', 'clientFqdn'])

/**
 * Each row as one text, a JSON array, in key order, so that the row order of two equal tables is the same. Measured: the
 * driver needs more than twice the time for the single columns.
 */
export const SELECT_BINDING_TEXTS = `SELECT json_array(${quoted.map(asJsonValue).join(', ')})
  FROM "Binding" ORDER BY "kind", "address", "length"`

/** JSON knows no octets. */
function asJsonValue(column: string): string {
  return OCTET_COLUMNS.has(column.slice(1, -1)) ? `iif(${column} IS NULL, NULL, lower(hex(${column})))` : column
}

/** How octets come to stand in a row. */
interface OctetsOut<Octets> {
  readonly address: (address: Ipv6Address) => Octets
  readonly duid: (duid: Duid) => Octets
  readonly bytes: (bytes: Uint8Array) => Octets
}

const toOctets: OctetsOut<Uint8Array> = {
  address: ipv6AddressToBytes,
  duid: duidToBytes,
  bytes: (bytes) => bytes,
}

const toHexDigits: OctetsOut<string> = {
  address: (address) => address.toString(16).padStart(32, '0'),
  duid: (duid) => duid,
  bytes: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'),
}

export function bindingToRow(binding: Binding, commitNumber: number): readonly SqlValue[] {
  return rowOf(binding, commitNumber, toOctets)
}

/** The same with octets as hexadecimal digits: all of it can stand in JSON. */
export function bindingToJsonRow(binding: Binding, commitNumber: number): readonly (string | number | null)[] {
  return rowOf(binding, commitNumber, toHexDigits)
}

const OCTET_INDEXES = BINDING_COLUMNS.flatMap((column, index) => (OCTET_COLUMNS.has(column) ? [index] : []))

/** Of `bindingToJsonRow`: changes the row that it is given into one of `bindingToRow`. */
export function withOctets(row: SqlValue[]): readonly SqlValue[] {
  for (const index of OCTET_INDEXES) {
    const value = row[index]
    if (typeof value === 'string') row[index] = Buffer.from(value, 'hex')
  }
  return row
}

function rowOf<Octets extends Uint8Array | string>(
  binding: Binding,
  commitNumber: number,
  octets: OctetsOut<Octets>,
): readonly (string | number | Octets | null)[] {
  return [
    binding.kind,
    octets.address(binding.prefix.address),
    binding.prefix.length,
    binding.subnetId,
    orNull(binding.relationship),
    binding.status,
    binding.client === undefined ? null : octets.duid(binding.client.duid),
    orNull(binding.client?.iaType),
    orNull(binding.client?.iaid),
    binding.statusSince,
    orNull(binding.statusExpiresAt),
    binding.t1Seconds,
    binding.t2Seconds,
    binding.preferredSeconds,
    binding.validSeconds,
    binding.lifetimeRule === undefined ? null : lifetimeRuleToText(binding.lifetimeRule),
    orNull(binding.lifetimeAcked),
    orNull(binding.clientHeardAt),
    orNull(binding.partnerHeardClientAt),
    orNull(binding.expirationTime),
    orNull(binding.ackedPartnerLifetime),
    orNull(binding.partnerLifetime),
    binding.owedToPartner ? 1 : 0,
    binding.updateSent ? 1 : 0,
    binding.relayData === undefined ? null : octets.bytes(binding.relayData),
    binding.clientFqdn === undefined ? null : octets.bytes(binding.clientFqdn),
    commitNumber,
  ]
}

const statuses: readonly Binding['status'][] = [
  'ACTIVE',
  'EXPIRED',
  'RELEASED',
  'FREE',
  'FREE-BACKUP',
  'ABANDONED',
  'RESET',
]
const iaTypes: readonly BindingClient['iaType'][] = ['IA_NA', 'IA_TA', 'IA_PD']

/** How octets stand in a row. */
export interface OctetsForm {
  readonly address: (value: unknown) => Ipv6Address
  readonly duid: (value: unknown) => Duid
  readonly bytes: (value: unknown) => Uint8Array
}

const asOctets: OctetsForm = {
  address: (value) => ipv6AddressFromBytes(asBytes(value)),
  duid: (value) => duidFromBytes(asBytes(value)),
  bytes: asBytes,
}

export function bindingFromRow(row: readonly unknown[], octets: OctetsForm = asOctets): Binding {
  const at = (column: (typeof BINDING_COLUMNS)[number]): unknown => row[INDEX[column]]
  const address = octets.address(at('address'))
  const duid = orUndefined(at('clientDuid'), octets.duid)
  return {
    kind: at('kind') === 'address' ? 'address' : 'prefix',
    prefix: { address, length: asNumber(at('length')) },
    subnetId: shared(asText(at('subnetId'))),
    relationship: orUndefined(at('relationship'), (name) => shared(asText(name))),
    status: oneOf(statuses, at('status')),
    client:
      duid === undefined
        ? undefined
        : {
            duid,
            iaType: oneOf(iaTypes, at('clientIaType')),
            iaid: asNumber(at('clientIaid')),
          },
    statusSince: instant(asNumber(at('statusSince'))),
    statusExpiresAt: optionalInstant(at('statusExpiresAt')),
    t1Seconds: asNumber(at('t1Seconds')),
    t2Seconds: asNumber(at('t2Seconds')),
    preferredSeconds: asNumber(at('preferredSeconds')),
    validSeconds: asNumber(at('validSeconds')),
    lifetimeRule: orUndefined(at('lifetimeRule'), (text) => lifetimeRuleFromText(asText(text))),
    lifetimeAcked: optionalInstant(at('lifetimeAcked')),
    clientHeardAt: optionalInstant(at('clientHeardAt')),
    partnerHeardClientAt: optionalInstant(at('partnerHeardClientAt')),
    expirationTime: optionalInstant(at('expirationTime')),
    ackedPartnerLifetime: optionalInstant(at('ackedPartnerLifetime')),
    partnerLifetime: optionalInstant(at('partnerLifetime')),
    owedToPartner: asNumber(at('owedToPartner')) === 1,
    updateSent: asNumber(at('updateSent')) === 1,
    relayData: orUndefined(at('relayData'), octets.bytes),
    clientFqdn: orUndefined(at('clientFqdn'), octets.bytes),
  }
}

const asHexDigits: OctetsForm = {
  address: (value) => ipv6AddressFromNumber(BigInt(`0x${asText(value)}`)),
  duid: (value) => duidFromHex(asText(value)),
  bytes: (value) => Uint8Array.from(Buffer.from(asText(value), 'hex')),
}

/** Of `SELECT_BINDING_TEXTS`. */
export function bindingFromText(text: string): Binding {
  const row: unknown = JSON.parse(text)
  if (!Array.isArray(row)) throw new Error(`the storage holds ${text} where a row stands`)
  return bindingFromRow(row, asHexDigits)
}

/** Few different ones stand in millions of rows, and the driver makes each anew: one text in memory is enough. */
const sharedTexts = new Map<string, string>()
const SHARED_TEXTS_MAX = 10_000

function shared(text: string): string {
  const known = sharedTexts.get(text)
  if (known !== undefined) return known
  if (sharedTexts.size < SHARED_TEXTS_MAX) sharedTexts.set(text, text)
  return text
}

function indexOfColumns(): Readonly<Record<(typeof BINDING_COLUMNS)[number], number>> {
  const entries = BINDING_COLUMNS.map((column, index) => [column, index] as const)
  // `fromEntries` forgets which keys it was given; they are exactly the columns.
  return Object.fromEntries(entries) as Record<(typeof BINDING_COLUMNS)[number], number>
}

const INDEX = indexOfColumns()

function optionalInstant(value: unknown): Instant | undefined {
  return orUndefined(value, (present) => instant(asNumber(present)))
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const name = names.find((candidate) => candidate === value)
  if (name === undefined) throw new Error(`the storage holds ${String(value)} where one of ${names.join(', ')} stands`)
  return name
}
