/** Two endpoints' updates joined by frames in memory, with the real codec, table and pools; for tests only. */
import {
  decodeStreamMessage,
  duidFromHex,
  encodeStreamMessage,
  MessageType,
  parseIpv6Address,
  parseIpv6Prefix,
  toDhcpTime,
  type FailoverMessage,
  type FailoverMessageType,
  type Ipv6Address,
  type Ipv6Prefix,
} from '@tandem/protocol'
import { createPools } from '../../allocation/create-pools.ts'
import type { Pools } from '../../allocation/pools.ts'
import { bindingKey, type Binding, type BindingClient } from '../../bindings/binding.ts'
import { BindingTable } from '../../bindings/binding-table.ts'
import type { EngineConfiguration, RelationshipConfiguration, Role } from '../../configuration/configuration.ts'
import type { Effects } from '../../effects.ts'
import { Step } from '../../step.ts'
import { addSeconds, instant, type Instant } from '../../time/instant.ts'
import type { EndpointState } from '../endpoint-record.ts'
import type { Updates, UpdatesHost } from '../endpoint.ts'
import { createUpdates } from './create-updates.ts'

export const T0 = instant(1_800_000_000_400)
export const VALID_SECONDS = 259_200
export const DELEGATED_LENGTH = 56

export function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new TypeError(text)
  return parsed
}

export function prefix(text: string): Ipv6Prefix {
  const parsed = parseIpv6Prefix(text.includes('/') ? text : `${text}/128`)
  if (parsed === undefined) throw new TypeError(text)
  return parsed
}

export function clientNumber(number: number, iaType: BindingClient['iaType'] = 'IA_NA'): BindingClient {
  return { duid: duidFromHex(`000300010200000000${number.toString(16).padStart(2, '0')}`), iaType, iaid: number }
}

export interface PairSettings {
  readonly maxUnacked?: number
  readonly share?: number
  readonly threshold?: number
  readonly prefixPool?: string
}

function relationship(role: Role, settings: PairSettings): RelationshipConfiguration {
  return {
    name: 'pair',
    role,
    partnerName: role === 'primary' ? 'beta' : 'alpha',
    partnerAddress: address('2001:db8::1'),
    transport: 'insecure',
    mcltSeconds: 3600,
    keepaliveSeconds: 60,
    contactsPerKeepalive: 4,
    startupSeconds: 5,
    initialState: 'recover',
    reconnectSeconds: 5,
    reconnectAfterRefusalSeconds: 60,
    maxUnackedUpdates: settings.maxUnacked ?? 100,
    acknowledgementStallSeconds: undefined,
    upddoneStallSeconds: 60,
    autoPartnerDownSeconds: undefined,
    fixedPrefixLength: true,
    secondaryPrefixShare: settings.share ?? 0.5,
    prefixRebalanceThreshold: settings.threshold ?? 0.1,
    doubleLease: 'latest',
    activeStandby: false,
    unansweredClientSeconds: 10,
    unansweredClientsAlarm: 5,
  }
}

function configuration(role: Role, settings: PairSettings): EngineConfiguration {
  return {
    serverName: role,
    serverDuid: clientNumber(255).duid,
    listeners: [],
    relationships: [relationship(role, settings)],
    subnets: [
      {
        id: '2001:db8:1::/64',
        prefix: prefix('2001:db8:1::/64'),
        interfaceNames: [],
        relationship: 'pair',
        addressPools: [{ id: 'addresses', first: address('2001:db8:1::1000'), last: address('2001:db8:1::1fff') }],
        prefixPools: [
          {
            id: 'prefixes',
            prefix: prefix(settings.prefixPool ?? '2001:db8:8000::/48'),
            delegatedLength: DELEGATED_LENGTH,
          },
        ],
        lifetimes: { validSeconds: VALID_SECONDS, preferredSeconds: VALID_SECONDS, t1Fraction: 0.5, t2Fraction: 0.8 },
        rapidCommit: false,
        dnsServers: [],
        reservations: [],
        domainSearch: [],
      },
    ],
  }
}

export class Side {
  readonly table: BindingTable
  readonly pools: Pools
  readonly updates: Updates
  /** Everything this side sent, decoded from its own frames. */
  readonly sent: FailoverMessage[] = []
  readonly outbox: FailoverMessage[] = []
  readonly disconnects: number[] = []
  updatesDone = 0
  state: EndpointState = 'NORMAL'
  connected = true
  partnerDownSince: Instant | undefined
  partnerMayHaveForgotten = false
  believesPartner = false
  readonly ackedBeforeLoss: Instant[] = []
  #transactionId = 0

  constructor(role: Role, settings: PairSettings, restored: readonly Binding[] = []) {
    const configured = configuration(role, settings)
    this.table = new BindingTable((binding) => binding.statusExpiresAt)
    for (const binding of restored) this.table.put(binding)
    this.pools = createPools(configured, this.table)
    const [own] = configured.relationships
    if (own === undefined) throw new TypeError('a relationship is configured')
    const host: UpdatesHost = {
      relationship: own,
      role,
      table: this.table,
      pools: this.pools,
      state: () => this.state,
      mcltSeconds: () => 3600,
      communicationsOk: () => this.connected,
      partnerMaxUnacked: () => (this.connected ? (settings.maxUnacked ?? 100) : 0),
      nextTransactionId: () => (this.#transactionId += 1),
      send: (step, type, transactionId, options) => this.#send(step, type, transactionId, options),
      onUpdDone: () => {
        this.updatesDone += 1
      },
      disconnect: (_step, statusCode) => {
        this.disconnects.push(statusCode)
      },
      partnerDownSince: () => this.partnerDownSince,
      partnerBacklogReceived: () => {},
      believesPartner: () => this.believesPartner,
      mayHavePromised: (_step, ackedUntil) => this.ackedBeforeLoss.push(ackedUntil),
      partnerWaits: () => false,
      partnerMayHaveForgotten: () => this.partnerMayHaveForgotten,
      partnerMayHavePromised: () => this.partnerMayHaveForgotten,
    }
    this.updates = createUpdates(host)
  }

  get(text: string): Binding | undefined {
    const wanted = prefix(text)
    return this.table.find(text.includes('/') ? 'prefix' : 'address', wanted)
  }

  sentOfType(type: FailoverMessageType): readonly FailoverMessage[] {
    return this.sent.filter((message) => message.type === type)
  }

  #send(step: Step, type: FailoverMessageType, transactionId: number, options: FailoverMessage['options']): void {
    if (!this.connected) return
    const message: FailoverMessage = { kind: 'failover', type, transactionId, sentTime: toDhcpTime(step.now), options }
    const decoded = decodeStreamMessage(encodeStreamMessage(message).slice(2))
    if (!decoded.ok || decoded.value.kind !== 'failover') throw new TypeError('our own frame does not decode')
    this.sent.push(decoded.value)
    this.outbox.push(decoded.value)
  }
}

export class UpdatePair {
  readonly primary: Side
  readonly secondary: Side
  now = T0
  /** How far the secondary's clock is ahead. */
  skewSeconds = 0

  constructor(primary: Side, secondary: Side) {
    this.primary = primary
    this.secondary = secondary
  }

  /** Both in NORMAL, the prefixes shared out, nothing owed. */
  static inNormal(settings: PairSettings = {}): UpdatePair {
    const pair = new UpdatePair(new Side('primary', settings), new Side('secondary', settings))
    pair.connect()
    for (const side of [pair.primary, pair.secondary]) side.sent.length = 0
    return pair
  }

  /** One step of one side, with the engine's hand-over of what it changed. */
  step(side: Side, act: (step: Step) => void): Effects {
    const step = new Step(this.clockOf(side), side.table)
    act(step)
    side.updates.announce(step, step.takeToAnnounce())
    return step.effects()
  }

  clockOf(side: Side): Instant {
    return side === this.secondary ? addSeconds(this.now, this.skewSeconds) : this.now
  }

  wait(seconds: number): void {
    this.now = addSeconds(this.now, seconds)
    for (const side of [this.primary, this.secondary]) {
      const due = side.updates.nextDeadline()
      if (due !== undefined && due <= this.clockOf(side)) this.step(side, (step) => side.updates.runDeadlines(step))
    }
  }

  /** Hands over the oldest frame of `from`; false: there is none. */
  deliverOne(from: Side): boolean {
    const message = from.outbox.shift()
    if (message === undefined) return false
    const to = from === this.primary ? this.secondary : this.primary
    this.step(to, (step) => to.updates.receive(step, message))
    return true
  }

  deliver(): void {
    for (let rounds = 0; this.deliverOne(this.primary) || this.deliverOne(this.secondary); rounds += 1) {
      if (rounds > 100_000) throw new Error('the partners do not come to rest')
    }
  }

  cut(state: EndpointState = 'COMMUNICATIONS-INTERRUPTED'): void {
    for (const side of [this.primary, this.secondary]) {
      side.outbox.length = 0
      side.connected = false
      side.state = state
      this.step(side, (step) => side.updates.connectionLost(step))
    }
  }

  connect(): void {
    for (const side of [this.primary, this.secondary]) {
      side.connected = true
      side.state = 'NORMAL'
    }
    for (const side of [this.primary, this.secondary]) this.step(side, (step) => side.updates.enteredNormal(step))
    this.deliver()
  }

  grant(side: Side, lease: string, client: BindingClient, validSeconds = 3600): void {
    this.step(side, (step) =>
      step.changeBinding(leased(side.get(lease), lease, client, this.clockOf(side), validSeconds), 'client'),
    )
  }

  end(side: Side, lease: string, status: 'EXPIRED' | 'RELEASED' | 'ABANDONED' | 'RESET'): void {
    const before = side.get(lease)
    if (before === undefined) throw new TypeError(`${lease} is on record`)
    const clientHeardAt = status === 'RELEASED' ? this.clockOf(side) : before.clientHeardAt
    const ended: Binding = {
      ...before,
      status,
      statusSince: this.clockOf(side),
      statusExpiresAt: undefined,
      clientHeardAt,
      updateSent: false,
    }
    this.step(side, (step) => step.changeBinding(ended, causes[status]))
  }
}

const causes = { EXPIRED: 'expiry', RELEASED: 'client', ABANDONED: 'client', RESET: 'operator' } as const

export function leased(
  before: Binding | undefined,
  lease: string,
  client: BindingClient,
  now: Instant,
  validSeconds: number,
): Binding {
  const sameHolder = before?.client?.duid === client.duid
  const renewed = before?.status === 'ACTIVE' && sameHolder
  return {
    kind: lease.includes('/') ? 'prefix' : 'address',
    prefix: prefix(lease),
    subnetId: '2001:db8:1::/64',
    relationship: 'pair',
    status: 'ACTIVE',
    client,
    statusSince: renewed ? before.statusSince : now,
    statusExpiresAt: addSeconds(now, validSeconds),
    t1Seconds: Math.floor(validSeconds / 2),
    t2Seconds: Math.floor(validSeconds * 0.8),
    preferredSeconds: validSeconds,
    validSeconds,
    clientHeardAt: now,
    partnerHeardClientAt: renewed ? before.partnerHeardClientAt : undefined,
    expirationTime: sameHolder ? before.expirationTime : undefined,
    ackedPartnerLifetime: sameHolder ? before.ackedPartnerLifetime : undefined,
    partnerLifetime: sameHolder ? before.partnerLifetime : undefined,
    owedToPartner: before?.owedToPartner ?? false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

/** What both partners must agree on, in whole seconds as it was told. */
export function agreedView(side: Side): readonly string[] {
  const second = (at: Instant | undefined): string => (at === undefined ? '-' : String(Math.floor(at / 1000)))
  return [...side.table.all()]
    .map((binding) =>
      [
        bindingKey(binding.kind, binding.prefix),
        binding.status,
        binding.client?.duid ?? '-',
        second(binding.statusSince),
        second(binding.statusExpiresAt),
      ].join(' '),
    )
    .sort()
}

export const bndupd = MessageType.Bndupd
export const bndreply = MessageType.Bndreply
