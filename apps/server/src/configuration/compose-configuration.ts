/** From the accepted file to what the process runs with: node section for the adapters, service sections for the engine. */
import { formatIpv6Address, formatIpv6Prefix, parseIpv6Address, UNSPECIFIED_ADDRESS } from '@tandem/protocol'
import type {
  AddressPool,
  Lifetimes,
  ListenerConfiguration,
  RelationshipConfiguration,
  Reservation,
  Subnet,
} from '@tandem/engine'
import { dirname, join, resolve } from 'node:path'
import { interfaceOf } from './check-node.ts'
import { formatDuration } from './duration.ts'
import { withoutZone } from './field-forms.ts'
import type { ConfigurationFile, RelationshipSection, SubnetSection } from './file-schema.ts'
import type {
  ClientListener,
  ConsoleTls,
  NodeConfiguration,
  PartnerLink,
  ServerConfiguration,
} from './server-configuration.ts'

const VALID_SECONDS_DEFAULT = 4 * 3600
const PREFERRED_PART_DEFAULT = 0.75
/** RFC 9915 section 21.4 recommends 0.5 and 0.8 times the preferred lifetime. */
const T1_FRACTION_DEFAULT = 0.5
const T2_FRACTION_DEFAULT = 0.8

export function composeNode(file: ConfigurationFile, fileName: string): NodeConfiguration {
  const folder = dirname(fileName)
  const { node } = file
  const tls = node.api.tls
  return {
    name: node.name,
    storageUrl: storageUrl(node.storage, folder),
    clientListeners: clientListeners(file),
    partnerLinks: node.partners.map((partner) => partnerLink(file, partner, folder)),
    api: {
      host: node.api.listen.host,
      port: node.api.listen.port,
      tls: tls === undefined ? undefined : consoleTls(tls, node.name, folder),
    },
    metrics: { isOpen: node.metrics.access === 'open', keaNames: node.metrics.keaNames },
    history: {
      leaseSeconds: node.history.leases.age,
      leaseRows: node.history.leases.count,
      eventSeconds: node.history.events.age,
      eventRows: node.history.events.count,
      decisionSeconds: node.history.decisions.age,
      decisionRows: node.history.decisions.count,
    },
  }
}

type TlsSection = NonNullable<ConfigurationFile['node']['api']['tls']>

/** Which of the two ways it is, and that it is whole, was checked before (check-console-tls.ts). */
function consoleTls({ certificate, key, selfMade, names }: TlsSection, name: string, folder: string): ConsoleTls {
  const place = selfMade ?? '.'
  return {
    certificateFile: resolve(folder, certificate ?? join(place, `${name}-console.pem`)),
    keyFile: resolve(folder, key ?? join(place, `${name}-console.key`)),
    selfMade: selfMade === undefined ? undefined : { names: names ?? [] },
  }
}

function storageUrl(written: string, folder: string): string {
  return written.startsWith('file:') ? `file:${resolve(folder, written.slice('file:'.length))}` : written
}

export function composeEngine(file: ConfigurationFile): ServerConfiguration['engine'] {
  return {
    serverName: file.node.name,
    listeners: clientListeners(file).map((listener): ListenerConfiguration => ({
      id: listener.id,
      kind: listener.kind,
      interfaceName: listener.kind === 'interface' ? listener.interfaceName : undefined,
      replyTo: listener.replyTo,
    })),
    subnets: file.subnets.map((subnet) => composeSubnet(file, subnet)),
    relationships: file.relationships.map((relationship) => composeRelationship(file, relationship)),
  }
}

/** What the operator should know although nothing is wrong. */
export function warningsOf(file: ConfigurationFile): readonly string[] {
  const own = new Set(file.node.interfaces.map((entry) => interfaceOf(entry).name))
  return [
    ...(file.testing.shortTimers
      ? [
          'TESTING: short timers are allowed (testing.shortTimers); lifetimes and MCLT below 30 s break failover. Never use this for real clients.',
        ]
      : []),
    ...file.relationships
      .filter(({ transport }) => transport === 'insecure')
      .map(
        ({ name }) =>
          `The failover connection of ${name} is not encrypted (transport: insecure): whoever is on the path can read and change bindings.`,
      ),
    ...file.relationships
      .filter(({ autoPartnerDown }) => autoPartnerDown !== 'off')
      .map(
        ({ name, autoPartnerDown }) =>
          `${name} declares its partner down by itself after ${autoPartnerDown === 'off' ? '' : formatDuration(autoPartnerDown)}: if the partner is alive then, both serve the same addresses.`,
      ),
    ...relationshipsWithOnePartner(file).map(
      (names) =>
        `${names.join(' and ')} are with the same partner: one relationship for a pair of servers is enough, and easier to run.`,
    ),
    ...file.subnets
      .filter(({ interfaces }) => interfaces.length > 0 && !interfaces.some((name) => own.has(name)))
      .map(
        ({ prefix, interfaces }) =>
          `None of the interfaces of ${formatIpv6Prefix(prefix)} (${interfaces.join(', ')}) is under node.interfaces: clients without a relay are not served there by this server.`,
      ),
  ]
}

/** RFC 8156 section 6.2: there should be one for each pair. */
function relationshipsWithOnePartner({ node, relationships }: ConfigurationFile): readonly (readonly string[])[] {
  const byPartner = new Map<string, string[]>()
  for (const { name, primary, secondary } of relationships) {
    const partner = primary === node.name ? secondary : primary
    byPartner.set(partner, [...(byPartner.get(partner) ?? []), name])
  }
  return [...byPartner.values()].filter((names) => names.length > 1)
}

function clientListeners({ node }: ConfigurationFile): readonly ClientListener[] {
  return [
    ...node.interfaces.map((entry): ClientListener => {
      const { name, port, replyTo } = interfaceOf(entry)
      return { id: `interface:${name}:${port}`, kind: 'interface', interfaceName: name, port, replyTo }
    }),
    ...node.listeners.map(({ address, port, replyTo }): ClientListener => ({
      id: `unicast:[${address}]:${port}`,
      kind: 'unicast',
      address,
      port,
      replyTo,
    })),
  ]
}

function partnerLink(
  file: ConfigurationFile,
  partner: ConfigurationFile['node']['partners'][number],
  folder: string,
): PartnerLink {
  const relationship = file.relationships.find(({ name }) => name === partner.relationship)
  const { tls, channel } = partner
  return {
    relationship: partner.relationship,
    role: relationship?.primary === file.node.name ? 'primary' : 'secondary',
    localAddress: partner.local.host,
    localPort: partner.local.port,
    partnerAddress: partner.partner.host,
    partnerPort: partner.partner.port,
    transport: relationship?.transport ?? 'tls',
    tls:
      tls === undefined
        ? undefined
        : {
            certificateFile: resolve(folder, tls.certificate),
            keyFile: resolve(folder, tls.key),
            authorityFile: resolve(folder, tls.authority),
            acceptedNames: tls.acceptedNames,
            minimumVersion: `TLSv${tls.minimumVersion}`,
          },
    channel: channel && {
      localAddress: channel.local.host,
      localPort: channel.local.port,
      partnerAddress: channel.partner.host,
      partnerPort: channel.partner.port,
      sharesAccounts: channel.accounts === 'shared',
    },
    partnerConsoleUrl: partner.console,
  }
}

function composeRelationship(file: ConfigurationFile, section: RelationshipSection): RelationshipConfiguration {
  const isPrimary = section.primary === file.node.name
  const link = file.node.partners.find(({ relationship }) => relationship === section.name)
  return {
    name: section.name,
    role: isPrimary ? 'primary' : 'secondary',
    partnerName: isPrimary ? section.secondary : section.primary,
    partnerAddress: parseIpv6Address(withoutZone(link?.partner.host ?? '')) ?? UNSPECIFIED_ADDRESS,
    transport: section.transport,
    mcltSeconds: section.mclt,
    keepaliveSeconds: section.keepalive,
    contactsPerKeepalive: section.contactsPerKeepalive,
    startupSeconds: section.startup,
    initialState: section.initialState,
    reconnectSeconds: section.reconnect,
    reconnectAfterRefusalSeconds: section.reconnectAfterRefusal,
    maxUnackedUpdates: section.maxUnackedUpdates,
    acknowledgementStallSeconds: unlessOff(section.acknowledgementStall),
    upddoneStallSeconds: section.upddoneStall,
    autoPartnerDownSeconds: unlessOff(section.autoPartnerDown),
    fixedPrefixLength: section.fixedPrefixLength,
    secondaryPrefixShare: section.secondaryPrefixShare,
    prefixRebalanceThreshold: section.prefixRebalanceThreshold,
    doubleLease: section.doubleLease,
    activeStandby: section.activeStandby,
    unansweredClientSeconds: section.unansweredAfter,
    unansweredClientsAlarm: unlessOff(section.unansweredAlarm),
  }
}

function unlessOff(value: number | 'off'): number | undefined {
  return value === 'off' ? undefined : value
}

function composeSubnet({ defaults }: ConfigurationFile, section: SubnetSection): Subnet {
  return {
    id: formatIpv6Prefix(section.prefix),
    prefix: section.prefix,
    interfaceNames: section.interfaces,
    relationship: section.relationship,
    addressPools: section.addressPools.map(composeAddressPool),
    prefixPools: section.prefixPools.map(({ prefix, delegatedLength }) => ({
      id: `${formatIpv6Prefix(prefix)}-${delegatedLength}`,
      prefix,
      delegatedLength,
    })),
    reservations: section.reservations.flatMap((reservation) => composeReservation(reservation) ?? []),
    lifetimes: composeLifetimes(section, defaults.lifetimes),
    rapidCommit: section.rapidCommit ?? defaults.rapidCommit ?? false,
    dnsServers: section.dns?.servers ?? defaults.dns?.servers ?? [],
    domainSearch: section.dns?.search ?? defaults.dns?.search ?? [],
  }
}

function composeAddressPool(entry: SubnetSection['addressPools'][number]): AddressPool {
  const isPlain = 'first' in entry
  const { first, last } = isPlain ? entry : entry.range
  const pool = { id: `${formatIpv6Address(first)}-${formatIpv6Address(last)}`, first, last }
  return isPlain || entry.allocation === 'independent' ? pool : { ...pool, allocation: entry.allocation }
}

/** Undefined for what the schema refuses. */
function composeReservation(section: SubnetSection['reservations'][number]): Reservation | undefined {
  const { duid, iaid, address, hostname } = section
  const prefix = address === undefined ? section.prefix : { address, length: 128 }
  return prefix && { duid, iaid, kind: address === undefined ? 'prefix' : 'address', prefix, hostname }
}

function composeLifetimes(
  { lifetimes }: SubnetSection,
  defaults: ConfigurationFile['defaults']['lifetimes'],
): Lifetimes {
  const validSeconds = lifetimes?.valid ?? defaults?.valid ?? VALID_SECONDS_DEFAULT
  // A preferred lifetime belongs to the valid one it was written beside.
  const written = lifetimes?.preferred ?? (lifetimes?.valid === undefined ? defaults?.preferred : undefined)
  return {
    validSeconds,
    preferredSeconds: written ?? Math.floor(validSeconds * PREFERRED_PART_DEFAULT),
    t1Fraction: lifetimes?.t1 ?? defaults?.t1 ?? T1_FRACTION_DEFAULT,
    t2Fraction: lifetimes?.t2 ?? defaults?.t2 ?? T2_FRACTION_DEFAULT,
  }
}
