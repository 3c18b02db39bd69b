/** The two configurations of a simulated pair: links with addresses and prefixes each, one relationship. */
import type { AddressPool, EngineConfiguration, PrefixPool, Reservation, Role } from '@tandem/engine'
import {
  duidFromHex,
  ipv6AddressFromNumber,
  makePrefix,
  parseIpv6Address,
  parseIpv6Prefix,
  type Duid,
  type Ipv6Address,
} from '@tandem/protocol'

/** Numbers of one story; seconds where nothing else is said. */
export interface PairSettings {
  readonly mcltSeconds: number
  readonly keepaliveSeconds: number
  readonly startupSeconds: number
  readonly reconnectSeconds: number
  readonly validSeconds: number
  readonly preferredSeconds: number
  readonly addresses: number
  /** Of a /48: 56 gives 256 prefixes. */
  readonly delegatedLength: number
  readonly rapidCommit: boolean
  readonly secondaryPrefixShare: number
  readonly maxUnackedUpdates: number
  readonly autoPartnerDownSeconds: number | undefined
  readonly isTls: boolean
  /** Free addresses are evened out like prefixes (decision 0078). */
  readonly areAddressesShared: boolean
  /** So many of the first clients have an address and a prefix reserved, of both halves and in no pool in turn. */
  readonly reservedClients: number
  /** The secondary has other reservations than the primary. */
  readonly reservationsDiffer: boolean
  /** The secondary offers to new clients in NORMAL too. */
  readonly activeStandby: boolean
  /** What happens to two leases of one client (decision 0077). */
  readonly doubleLease: 'latest' | 'both'
  readonly prefixRebalanceThreshold: number
  readonly contactsPerKeepalive: number
  /** Undefined: a partner that does not answer updates is waited for. */
  readonly acknowledgementStallSeconds: number | undefined
  /** Each link has a second pool of addresses and one of prefixes, to which clients of a drained one can go. */
  readonly hasSparePools: boolean
  /** Clients on the second and further ones are heard through a relay only. Each has addresses and prefixes of its own. */
  readonly links: number
}

export const usualSettings: PairSettings = {
  mcltSeconds: 60,
  keepaliveSeconds: 8,
  startupSeconds: 5,
  reconnectSeconds: 2,
  validSeconds: 240,
  preferredSeconds: 120,
  addresses: 64,
  delegatedLength: 56,
  rapidCommit: false,
  secondaryPrefixShare: 0.5,
  maxUnackedUpdates: 10,
  autoPartnerDownSeconds: undefined,
  isTls: false,
  areAddressesShared: false,
  reservedClients: 0,
  reservationsDiffer: false,
  activeStandby: false,
  doubleLease: 'latest',
  prefixRebalanceThreshold: 0.1,
  contactsPerKeepalive: 4,
  acknowledgementStallSeconds: undefined,
  hasSparePools: false,
  links: 1,
}

export const serverNames: Readonly<Record<Role, string>> = { primary: 'primary', secondary: 'secondary' }
export const listenerIds = { link: 'eth0', relays: 'relays' } as const

/** Links count from 1. The relay's address on its link, by which servers choose the subnet. */
export function linkAddress(link: number): Ipv6Address {
  return address(`2001:db8:${link}::1`)
}

/** From which the relay of a link sends. */
export function relayAddress(link: number): Ipv6Address {
  return address(`2001:db8:${link}::fffe`)
}

const serverAddresses: Readonly<Record<Role, string>> = { primary: 'fd00::1', secondary: 'fd00::2' }
const serverDuids: Readonly<Record<Role, string>> = {
  primary: '00030001020000000001',
  secondary: '00030001020000000002',
}
const FIRST_ADDRESS = address('2001:db8:1::1001')
const FIRST_POOL_OF_PREFIXES = 0x8000
const FIRST_SPARE_POOL_OF_PREFIXES = 0x9000

export function partnerOf(role: Role): Role {
  return role === 'primary' ? 'secondary' : 'primary'
}

export function pairConfiguration(role: Role, settings: PairSettings): EngineConfiguration {
  return {
    serverName: serverNames[role],
    serverDuid: duidFromHex(serverDuids[role]),
    listeners: [
      { id: listenerIds.link, kind: 'interface', interfaceName: 'eth0', replyTo: 'relay-port' },
      { id: listenerIds.relays, kind: 'unicast', interfaceName: undefined, replyTo: 'relay-port' },
    ],
    subnets: Array.from({ length: settings.links }, (_, at) => subnetOf(role, settings, at + 1)),
    relationships: [relationship(role, settings)],
  }
}

function subnetOf(role: Role, settings: PairSettings, link: number): EngineConfiguration['subnets'][number] {
  const suffix = link === 1 ? '' : `-${link}`
  const allocation = settings.areAddressesShared ? 'proportional' : 'independent'
  const addresses = (id: string, from: string): AddressPool => {
    const first = address(`2001:db8:${link}::${from}`)
    return { id: id + suffix, first, last: ipv6AddressFromNumber(first + BigInt(settings.addresses - 1)), allocation }
  }
  const prefixes = (id: string, from: number): PrefixPool => {
    const text = `2001:db8:${(from + link - 1).toString(16)}::/48`
    return { id: id + suffix, prefix: prefix(text), delegatedLength: settings.delegatedLength }
  }
  const { hasSparePools } = settings
  return {
    id: `2001:db8:${link}::/64`,
    prefix: makePrefix(address(`2001:db8:${link}::`), 64),
    interfaceNames: link === 1 ? ['eth0'] : [],
    relationship: 'pair',
    addressPools: [addresses('addresses', '1001'), ...(hasSparePools ? [addresses('spare-addresses', '5001')] : [])],
    prefixPools: [
      prefixes('prefixes', FIRST_POOL_OF_PREFIXES),
      ...(hasSparePools ? [prefixes('spare-prefixes', FIRST_SPARE_POOL_OF_PREFIXES)] : []),
    ],
    lifetimes: {
      validSeconds: settings.validSeconds,
      preferredSeconds: settings.preferredSeconds,
      t1Fraction: 0.5,
      t2Fraction: 0.8,
    },
    rapidCommit: settings.rapidCommit,
    dnsServers: [],
    reservations: link === 1 ? reservationsOf(role, settings) : [],
    domainSearch: [],
  }
}

/** The DUID that the world gives its clients in turn. */
export function clientDuid(number: number): Duid {
  return duidFromHex(`000300010a00000000${number.toString(16).padStart(2, '0')}`)
}

/** Two leases each. Where they differ, the secondary keeps those of one client for the next. */
export function reservationsOf(role: Role, settings: PairSettings): readonly Reservation[] {
  const shift = settings.reservationsDiffer && role === 'secondary' ? 1 : 0
  return Array.from({ length: settings.reservedClients }, (_, at): readonly Reservation[] => {
    const owner = { duid: clientDuid(at + 1 + shift), iaid: undefined, hostname: undefined }
    const isOutside = at % 3 === 2
    const first = isOutside ? address('2001:db8:1::f000') : FIRST_ADDRESS
    const outer = prefix(isOutside ? '2001:db8:7777::/48' : '2001:db8:8000::/48')
    const step = 1n << BigInt(128 - settings.delegatedLength)
    return [
      { ...owner, kind: 'address', prefix: { address: ipv6AddressFromNumber(first + BigInt(at)), length: 128 } },
      {
        ...owner,
        kind: 'prefix',
        prefix: makePrefix(ipv6AddressFromNumber(outer.address + BigInt(at) * step), settings.delegatedLength),
      },
    ]
  }).flat()
}

function relationship(role: Role, settings: PairSettings): EngineConfiguration['relationships'][number] {
  return {
    name: 'pair',
    role,
    partnerName: serverNames[partnerOf(role)],
    partnerAddress: address(serverAddresses[partnerOf(role)]),
    transport: settings.isTls ? 'tls' : 'insecure',
    mcltSeconds: settings.mcltSeconds,
    keepaliveSeconds: settings.keepaliveSeconds,
    contactsPerKeepalive: settings.contactsPerKeepalive,
    startupSeconds: settings.startupSeconds,
    initialState: 'recover',
    reconnectSeconds: settings.reconnectSeconds,
    reconnectAfterRefusalSeconds: 10,
    maxUnackedUpdates: settings.maxUnackedUpdates,
    acknowledgementStallSeconds: settings.acknowledgementStallSeconds,
    upddoneStallSeconds: 30,
    autoPartnerDownSeconds: settings.autoPartnerDownSeconds,
    fixedPrefixLength: true,
    secondaryPrefixShare: settings.secondaryPrefixShare,
    prefixRebalanceThreshold: settings.prefixRebalanceThreshold,
    doubleLease: settings.doubleLease,
    activeStandby: settings.activeStandby,
    unansweredClientSeconds: 10,
    unansweredClientsAlarm: 5,
  }
}

function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is an address`)
  return parsed
}

function prefix(text: string): EngineConfiguration['subnets'][number]['prefix'] {
  const parsed = parseIpv6Prefix(text)
  if (parsed === undefined) throw new Error(`${text} is a prefix`)
  return parsed
}
