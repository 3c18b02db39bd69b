/** Sorts of leases that differ in what an engine has to remember of them, as storage would hand them over at a start. */
import { instant, type Binding, type Instant, type Role } from '@tandem/engine'
import type { Ipv6Address } from '@tandem/protocol'
import { address } from '../engines/bench-configuration.ts'
import { activeBinding } from '../engines/filled-table.ts'

export const START: Instant = instant(Date.UTC(2026, 0, 1))

/** What a relay with interface-id and remote-id adds to the record (OPTION_LQ_RELAY_DATA). */
const RELAY_DATA_OCTETS = 90
const DELEGATED_LENGTH = 56

export interface LeaseSort {
  readonly name: string
  /** Undefined: a server alone. */
  readonly role: Role | undefined
  readonly lease: (client: number) => Binding
}

const firstPrefix = address('3000::')
const alone = (client: number): Binding => activeBinding(client, undefined, START)
const ofPair = (client: number): Binding => activeBinding(client, 'primary', START)

export const leaseSorts: readonly LeaseSort[] = [
  { name: 'active, alone', role: undefined, lease: alone },
  { name: 'active, of a pair', role: 'primary', lease: ofPair },
  {
    name: `active, alone, relayed (${RELAY_DATA_OCTETS} octets)`,
    role: undefined,
    lease: (client) => ({ ...alone(client), relayData: new Uint8Array(RELAY_DATA_OCTETS).fill(client) }),
  },
  {
    name: 'FREE, alone',
    role: undefined,
    lease: (client) => ({ ...alone(client), status: 'FREE', statusExpiresAt: undefined }),
  },
  {
    name: 'EXPIRED, owed to the partner',
    role: 'primary',
    lease: (client) => ({ ...ofPair(client), status: 'EXPIRED', statusExpiresAt: undefined, owedToPartner: true }),
  },
  { name: 'delegated prefix, of a pair', role: 'primary', lease: (client) => delegated(ofPair(client), client) },
]

function delegated(binding: Binding, client: number): Binding {
  const bits = BigInt(128 - DELEGATED_LENGTH)
  // Within the pool of the benchmarks' configuration.
  const first = (firstPrefix + (BigInt(client) << bits)) as Ipv6Address
  const holder = binding.client === undefined ? undefined : { ...binding.client, iaType: 'IA_PD' as const }
  return { ...binding, kind: 'prefix', prefix: { address: first, length: DELEGATED_LENGTH }, client: holder }
}
