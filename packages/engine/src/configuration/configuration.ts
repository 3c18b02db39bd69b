/** What the engine runs with: parsed once, immutable; every number carries its unit. */
import type { Duid, Ipv6Address, Ipv6Prefix } from '@tandem/protocol'

export type Role = 'primary' | 'secondary'
export type FailoverTransport = 'tls' | 'insecure'

/** Where client traffic enters. `interface`: multicast on a link; `unicast`: relays only. */
export interface ListenerConfiguration {
  readonly id: string
  readonly kind: 'interface' | 'unicast'
  /** Set for kind `interface`: the link that a direct client is on. */
  readonly interfaceName: string | undefined
  /** Where a RELAY-REPL goes: UDP 547 of the relay, or the port the RELAY-FORW came from. */
  readonly replyTo: 'relay-port' | 'source'
}

/** Desired lifetimes, as configuration gives them without failover. */
export interface Lifetimes {
  readonly validSeconds: number
  readonly preferredSeconds: number
  /** T1 and T2 as fractions of the preferred lifetime that the client gets. */
  readonly t1Fraction: number
  readonly t2Fraction: number
}

export interface AddressPool {
  /** Unique in the configuration, for example `2001:db8:1::1000-2001:db8:1::1fff`. */
  readonly id: string
  readonly first: Ipv6Address
  readonly last: Ipv6Address
  /**
   * `proportional`: free addresses have an owner and are evened out like prefixes, beyond RFC 8156 (decision 0078). Else
   * the partners give odd and even ones.
   */
  readonly allocation?: 'independent' | 'proportional'
}

export interface PrefixPool {
  /** Unique in the configuration, for example `2001:db8:8000::/40-56`. */
  readonly id: string
  readonly prefix: Ipv6Prefix
  readonly delegatedLength: number
}

/** A lease that is kept for one client: never given to another, and given to this one before any other lease. */
export interface Reservation {
  readonly duid: Duid
  /** Of which IA; undefined: the first IA of the client that asks. */
  readonly iaid: number | undefined
  readonly kind: 'address' | 'prefix'
  /** In a pool of the subnet or in none; an address has length 128. */
  readonly prefix: Ipv6Prefix
  /** Name that the lease is shown with and that the partner is told, whatever the client calls itself. */
  readonly hostname: string | undefined
}

export interface Subnet {
  /** The subnet's prefix as text; unique in the configuration. */
  readonly id: string
  readonly prefix: Ipv6Prefix
  /** Interfaces of this server that are on the subnet's link, for clients without a relay. */
  readonly interfaceNames: readonly string[]
  /** Name of the relationship that owns its leases; undefined: this server alone, whole pool. */
  readonly relationship: string | undefined
  readonly addressPools: readonly AddressPool[]
  readonly prefixPools: readonly PrefixPool[]
  readonly reservations: readonly Reservation[]
  readonly lifetimes: Lifetimes
  readonly rapidCommit: boolean
  readonly dnsServers: readonly Ipv6Address[]
  readonly domainSearch: readonly string[]
}

/** One failover relationship (RFC 8156 section 6.2). */
export interface RelationshipConfiguration {
  readonly name: string
  readonly role: Role
  readonly partnerName: string
  readonly partnerAddress: Ipv6Address
  readonly transport: FailoverTransport
  /** Ignored on the secondary, which adopts the primary's (RFC 8156 section 6.1.2). */
  readonly mcltSeconds: number
  readonly keepaliveSeconds: number
  readonly contactsPerKeepalive: number
  readonly startupSeconds: number
  readonly initialState: 'recover' | 'partner-down'
  readonly reconnectSeconds: number
  readonly reconnectAfterRefusalSeconds: number
  readonly maxUnackedUpdates: number
  /** Without an acknowledgement for so long while updates wait, NORMAL ends; undefined: never. */
  readonly acknowledgementStallSeconds: number | undefined
  readonly upddoneStallSeconds: number
  readonly autoPartnerDownSeconds: number | undefined
  /** An IA that got a lease from each partner while they were apart: the latest one stays, or both (decision 0077). */
  readonly doubleLease: 'latest' | 'both'
  /** FIXED_PD_LENGTH in CONNECT (RFC 8156 section 5.5.2). */
  readonly fixedPrefixLength: boolean
  /** Part of the available prefixes that the secondary shall hold, 0 to 1. */
  readonly secondaryPrefixShare: number
  /** Rebalance when the secondary's part is off by more than this fraction of the total, 0 to 1. */
  readonly prefixRebalanceThreshold: number
  /** The secondary offers to new clients in NORMAL too, beside the primary and at a lower preference (decision 0082). */
  readonly activeStandby: boolean
  /** Secondary in NORMAL: a client that has asked the primary for so long counts as unanswered. */
  readonly unansweredClientSeconds: number
  /** So many of them raise an alarm; undefined: never. */
  readonly unansweredClientsAlarm: number | undefined
}

export interface EngineConfiguration {
  readonly serverName: string
  readonly serverDuid: Duid
  readonly listeners: readonly ListenerConfiguration[]
  readonly subnets: readonly Subnet[]
  readonly relationships: readonly RelationshipConfiguration[]
}
