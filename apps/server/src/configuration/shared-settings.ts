/** The settings that both servers of a relationship should have alike, each as text, so that two of them can be compared. */
import type { SettingGroup } from '@tandem/api-contract'
import type { Lifetimes, RelationshipConfiguration, Reservation, Subnet } from '@tandem/engine'
import { formatDuid, formatIpv6Address, formatIpv6Prefix } from '@tandem/protocol'
import { formatDuration } from './duration.ts'
import type { ServerConfiguration } from './server-configuration.ts'

export interface SharedSetting {
  readonly group: SettingGroup
  /** null: of the relationship itself. */
  readonly subnetId: string | null
  /** As in the configuration file, or the id of what has it. */
  readonly setting: string
  readonly value: string
}

/** Of the relationship and of its subnets, in the order of their keys. What is each server's own is not among them. */
export function sharedSettings(engine: ServerConfiguration['engine'], relationship: string): readonly SharedSetting[] {
  const found = engine.relationships.find(({ name }) => name === relationship)
  if (found === undefined) return []
  const subnets = engine.subnets.filter((subnet) => subnet.relationship === relationship)
  return [...ofRelationship(found, engine.serverName), ...subnets.flatMap(ofSubnet)].toSorted((a, b) =>
    keyOf(a) < keyOf(b) ? -1 : 1,
  )
}

/** One thing that may have a value on each server. */
export function keyOf({ group, subnetId, setting }: Omit<SharedSetting, 'value'>): string {
  return `${subnetId ?? ''} ${group} ${setting}`
}

function ofRelationship(of: RelationshipConfiguration, serverName: string): readonly SharedSetting[] {
  const values = {
    primary: of.role === 'primary' ? serverName : of.partnerName,
    transport: of.transport,
    mclt: formatDuration(of.mcltSeconds),
    doubleLease: of.doubleLease,
    autoPartnerDown: of.autoPartnerDownSeconds === undefined ? 'off' : formatDuration(of.autoPartnerDownSeconds),
    secondaryPrefixShare: String(of.secondaryPrefixShare),
    prefixRebalanceThreshold: String(of.prefixRebalanceThreshold),
    activeStandby: onOff(of.activeStandby),
  }
  return Object.entries(values).map(([setting, value]) => ({ group: 'relationship', subnetId: null, setting, value }))
}

function ofSubnet(subnet: Subnet): readonly SharedSetting[] {
  const subnetId = subnet.id
  const put = (group: SettingGroup, setting: string, value: string): SharedSetting => ({
    group,
    subnetId,
    setting,
    value,
  })
  return [
    put('subnet', subnetId, 'served'),
    ...subnet.addressPools.map(({ id, allocation }) => put('address-pool', id, allocation ?? 'independent')),
    ...subnet.prefixPools.map(({ id, delegatedLength }) => put('prefix-pool', id, `prefixes of /${delegatedLength}`)),
    ...subnet.reservations.map((each) => put('reservation', leaseOf(each), reservedFor(each))),
    ...Object.entries(lifetimeTexts(subnet.lifetimes)).map(([name, text]) =>
      put('lifetime', `lifetimes.${name}`, text),
    ),
    put('option', 'rapidCommit', onOff(subnet.rapidCommit)),
    put('option', 'dns.servers', subnet.dnsServers.map(formatIpv6Address).join(', ')),
    put('option', 'dns.search', subnet.domainSearch.join(', ')),
  ]
}

function lifetimeTexts({ validSeconds, preferredSeconds, t1Fraction, t2Fraction }: Lifetimes): Record<string, string> {
  return {
    valid: formatDuration(validSeconds),
    preferred: formatDuration(preferredSeconds),
    t1: String(t1Fraction),
    t2: String(t2Fraction),
  }
}

function leaseOf({ kind, prefix }: Reservation): string {
  return kind === 'address' ? formatIpv6Address(prefix.address) : formatIpv6Prefix(prefix)
}

function reservedFor({ duid, iaid, hostname }: Reservation): string {
  const parts = [
    `for ${formatDuid(duid)}`,
    ...(iaid === undefined ? [] : [`IAID ${iaid}`]),
    ...(hostname === undefined ? [] : [`named ${hostname}`]),
  ]
  return parts.join(', ')
}

const onOff = (value: boolean): string => (value ? 'on' : 'off')
