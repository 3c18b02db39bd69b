/** A binding as a row and back; the list of columns stands here once (prisma/schema.prisma, model Binding). */
import {
  duidFromBytes,
  duidToBytes,
  ipv6AddressFromBytes,
  ipv6AddressToBytes,
  type Ipv6Address,
} from '@tandem/protocol'
import { instant, type Binding, type BindingClient, type Instant } from '@tandem/engine'
import { lifetimeRuleFromText, lifetimeRuleToText } from './lifetime-rule-text.ts'
import { asBytes, asNumber, asText, orNull, orUndefined, type SqlValue } from './sql-value.ts'

const COLUMNS = [
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
const quoted = COLUMNS.map((column) => `"${column}"`)

export const UPSERT_BINDING = `INSERT INTO "Binding" (${quoted.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT ("kind", "address", "length") DO UPDATE SET ${COLUMNS.filter((column) => !KEY_COLUMNS.has(column))
    .map((column) => `"${column}" = excluded."${column}"`)
    .join(', ')}`

/** In key order, so that the row order of two equal tables is the same. */
export const SELECT_BINDINGS = `SELECT ${quoted.join(', ')} FROM "Binding" ORDER BY "kind", "address", "length"`

export function bindingToRow(binding: Binding, commitNumber: number): readonly SqlValue[] {
  return [
    binding.kind,
    ipv6AddressToBytes(binding.prefix.address),
    binding.prefix.length,
    binding.subnetId,
    orNull(binding.relationship),
    binding.status,
    binding.client === undefined ? null : duidToBytes(binding.client.duid),
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
    orNull(binding.relayData),
    orNull(binding.clientFqdn),
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

export function bindingFromRow(row: readonly unknown[]): Binding {
  const at = (column: (typeof COLUMNS)[number]): unknown => row[INDEX[column]]
  const address: Ipv6Address = ipv6AddressFromBytes(asBytes(at('address')))
  const clientDuid = orUndefined(at('clientDuid'), asBytes)
  return {
    kind: at('kind') === 'address' ? 'address' : 'prefix',
    prefix: { address, length: asNumber(at('length')) },
    subnetId: asText(at('subnetId')),
    relationship: orUndefined(at('relationship'), asText),
    status: oneOf(statuses, at('status')),
    client:
      clientDuid === undefined
        ? undefined
        : {
            duid: duidFromBytes(clientDuid),
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
    relayData: orUndefined(at('relayData'), asBytes),
    clientFqdn: orUndefined(at('clientFqdn'), asBytes),
  }
}

function indexOfColumns(): Readonly<Record<(typeof COLUMNS)[number], number>> {
  const entries = COLUMNS.map((column, index) => [column, index] as const)
  // `fromEntries` forgets which keys it was given; they are exactly the columns.
  return Object.fromEntries(entries) as Record<(typeof COLUMNS)[number], number>
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
