/** What the engines of the benchmarks are configured with: one link with room for any number of clients. */
import { duidFromHex, makePrefix, parseIpv6Address, type Duid, type Ipv6Address } from '@tandem/protocol'
import type { EngineConfiguration, RelationshipConfiguration, Role, Subnet } from '@tandem/engine'

export const RELATIONSHIP = 'alpha-beta'
export const ON_LINK = 'eth0'
export const FOR_RELAYS = 'relays'
export const VALID_SECONDS = 86_400

/** How many updates may be on their way; more steps than this are never taken at once. */
export const UPDATE_WINDOW = 512

export const linkAddress: Ipv6Address = address('2001:db8:1::')
export const firstLease: Ipv6Address = address('2001:db8:1::1:0:0')
const lastLease: Ipv6Address = address('2001:db8:1::1:ffff:ffff')

export const serverDuids: Readonly<Record<Role, Duid>> = {
  primary: duidFromHex('00030001020000000001'),
  secondary: duidFromHex('00030001020000000002'),
}

const addresses: Readonly<Record<Role, string>> = { primary: 'fd00::1', secondary: 'fd00::2' }
export const partnerOf: Readonly<Record<Role, Role>> = { primary: 'secondary', secondary: 'primary' }

export function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is no address`)
  return parsed
}

export function addressOf(role: Role): string {
  return addresses[role]
}

/** `undefined`: a server alone. */
export function benchConfiguration(role: Role | undefined): EngineConfiguration {
  const subnet: Subnet = {
    id: '2001:db8:1::/64',
    prefix: makePrefix(linkAddress, 64),
    interfaceNames: [ON_LINK],
    relationship: role === undefined ? undefined : RELATIONSHIP,
    addressPools: [{ id: 'addresses', first: firstLease, last: lastLease }],
    prefixPools: [{ id: 'prefixes', prefix: makePrefix(address('3000::'), 20), delegatedLength: 56 }],
    reservations: [],
    lifetimes: { validSeconds: VALID_SECONDS, preferredSeconds: 43_200, t1Fraction: 0.5, t2Fraction: 0.8 },
    rapidCommit: false,
    dnsServers: [address('2001:db8::53'), address('2001:db8::54')],
    domainSearch: ['example.org'],
  }
  return {
    serverName: role === 'secondary' ? 'beta' : 'alpha',
    serverDuid: serverDuids[role ?? 'primary'],
    listeners: [
      { id: ON_LINK, kind: 'interface', interfaceName: ON_LINK, replyTo: 'relay-port' },
      { id: FOR_RELAYS, kind: 'unicast', interfaceName: undefined, replyTo: 'relay-port' },
    ],
    subnets: [subnet],
    relationships: role === undefined ? [] : [relationshipOf(role)],
  }
}

function relationshipOf(role: Role): RelationshipConfiguration {
  return {
    name: RELATIONSHIP,
    role,
    partnerName: role === 'primary' ? 'beta' : 'alpha',
    partnerAddress: address(addresses[partnerOf[role]]),
    transport: 'insecure',
    mcltSeconds: 3600,
    keepaliveSeconds: 60,
    contactsPerKeepalive: 4,
    startupSeconds: 5,
    initialState: 'recover',
    reconnectSeconds: 1,
    reconnectAfterRefusalSeconds: 10,
    maxUnackedUpdates: UPDATE_WINDOW,
    acknowledgementStallSeconds: undefined,
    upddoneStallSeconds: 30,
    autoPartnerDownSeconds: undefined,
    doubleLease: 'latest',
    fixedPrefixLength: true,
    secondaryPrefixShare: 0.5,
    prefixRebalanceThreshold: 0.1,
    activeStandby: false,
    unansweredClientSeconds: 10,
    unansweredClientsAlarm: 5,
  }
}
