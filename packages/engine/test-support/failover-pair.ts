/** Two whole engines with a stream between them, in memory and in virtual time: for tests of failover. */
import {
  decodeStreamMessage,
  duidFromHex,
  makePrefix,
  messageTypeName,
  parseIpv6Address,
  stampSentTime,
  toDhcpTime,
  type Ipv6Address,
  type StreamMessage,
} from '@tandem/protocol'
import {
  addMs,
  addSeconds,
  createEngine,
  instant,
  keyOf,
  type Binding,
  type BindingKey,
  type Command,
  type CommandResult,
  type Effects,
  type EndpointRecord,
  type Engine,
  type EngineConfiguration,
  type EngineEvent,
  type Instant,
  type Notice,
  type PoolDrain,
  type RelationshipConfiguration,
  type RelationshipSnapshot,
  type ReservationRecord,
  type Role,
  type TransitionRecord,
} from '../src/index.ts'
import { rebindOf, requestOf } from './pair-client-messages.ts'

export const TEST_START: Instant = instant(Date.UTC(2026, 0, 1))

export function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is an address`)
  return parsed
}

const addressOf: Readonly<Record<Role, string>> = { primary: 'fd00::1', secondary: 'fd00::2' }
const partnerOf: Readonly<Record<Role, Role>> = { primary: 'secondary', secondary: 'primary' }

export function testRelationship(
  role: Role,
  changes: Partial<RelationshipConfiguration> = {},
): RelationshipConfiguration {
  return {
    name: 'pair',
    role,
    partnerName: partnerOf[role],
    partnerAddress: address(addressOf[partnerOf[role]]),
    transport: 'insecure',
    mcltSeconds: 60,
    keepaliveSeconds: 8,
    contactsPerKeepalive: 4,
    startupSeconds: 5,
    initialState: 'recover',
    reconnectSeconds: 2,
    reconnectAfterRefusalSeconds: 10,
    maxUnackedUpdates: 10,
    acknowledgementStallSeconds: undefined,
    upddoneStallSeconds: 30,
    autoPartnerDownSeconds: undefined,
    fixedPrefixLength: true,
    secondaryPrefixShare: 0.5,
    prefixRebalanceThreshold: 0.1,
    doubleLease: 'latest',
    activeStandby: false,
    unansweredClientSeconds: 10,
    unansweredClientsAlarm: 5,
    ...changes,
  }
}

export function testConfiguration(relationship: RelationshipConfiguration): EngineConfiguration {
  return {
    serverName: relationship.role,
    serverDuid: duidFromHex(relationship.role === 'primary' ? '00030001020000000001' : '00030001020000000002'),
    listeners: [{ id: 'eth0', kind: 'interface', interfaceName: 'eth0', replyTo: 'relay-port' }],
    subnets: [
      {
        id: '2001:db8:1::/64',
        prefix: makePrefix(address('2001:db8:1::'), 64),
        interfaceNames: ['eth0'],
        relationship: relationship.name,
        addressPools: [{ id: 'addresses', first: address('2001:db8:1::1000'), last: address('2001:db8:1::1fff') }],
        prefixPools: [],
        lifetimes: { validSeconds: 7200, preferredSeconds: 3600, t1Fraction: 0.5, t2Fraction: 0.8 },
        rapidCommit: false,
        dnsServers: [],
        reservations: [],
        domainSearch: [],
      },
    ],
    relationships: [relationship],
  }
}

interface Stream {
  readonly id: number
  readonly secureAsked: Set<Role>
  /** TCP loses nothing in the middle: what cannot pass stops all that follows, and only silence tells. */
  isStuck: boolean
}

export class TestServer {
  readonly role: Role
  readonly bindings = new Map<BindingKey, Binding>()
  readonly transitions: TransitionRecord[] = []
  readonly notices: Notice[] = []
  readonly answers = new Map<string, CommandResult>()
  endpoint: EndpointRecord | undefined
  reservations: ReservationRecord | undefined
  drains: readonly PoolDrain[] = []
  configuration: EngineConfiguration
  engine: Engine | undefined
  lastCommitAt: Instant | undefined
  ranUntil: Instant | undefined
  clockOffsetMs = 0
  hasShutDown = false

  constructor(role: Role, relationship: RelationshipConfiguration) {
    this.role = role
    this.configuration = testConfiguration(relationship)
  }

  keep(effects: Effects, now: Instant): void {
    for (const change of effects.commit) {
      if (change.kind === 'binding-put') this.bindings.set(keyOf(change.binding), change.binding)
      else if (change.kind === 'endpoint-put') this.endpoint = change.endpoint
      else if (change.kind === 'reservations-put') this.reservations = change.reservations
      else if (change.kind === 'drains-put') this.drains = change.drains
      else if (change.kind === 'transition-added') this.transitions.push(change.transition)
    }
    if (effects.commit.length > 0) {
      this.lastCommitAt = now
      this.ranUntil = addSeconds(now, 3)
    }
    this.notices.push(...effects.notices)
  }
}

export class FailoverPair {
  now: Instant = TEST_START
  readonly primary: TestServer
  readonly secondary: TestServer
  /** `P CONNECT`, `S STATE` …: every message that was sent. */
  readonly sent: { readonly from: Role; readonly message: StreamMessage }[] = []
  isNetworkUp = true
  /** Return false to lose a message on its way. */
  passes: (from: Role, message: StreamMessage) => boolean = () => true
  #streams = new Map<number, Stream>()
  #nextStreamId = 1
  #nextCommand = 1
  readonly #queue: { readonly to: Role; readonly event: EngineEvent }[] = []

  constructor(changes: Partial<Record<Role | 'both', Partial<RelationshipConfiguration>>> = {}) {
    this.primary = new TestServer('primary', testRelationship('primary', { ...changes.both, ...changes.primary }))
    this.secondary = new TestServer(
      'secondary',
      testRelationship('secondary', { ...changes.both, ...changes.secondary }),
    )
  }

  server(role: Role): TestServer {
    return role === 'primary' ? this.primary : this.secondary
  }

  start(role: Role): void {
    const server = this.server(role)
    server.engine = createEngine(
      server.configuration,
      {
        bindings: server.bindings.values(),
        endpoints: server.endpoint === undefined ? [] : [server.endpoint],
        reservations: server.reservations === undefined ? [] : [server.reservations],
        drains: server.drains,
        lastCommitAt: server.lastCommitAt,
        ranUntil: server.ranUntil,
      },
      this.#clockOf(server),
    )
    server.hasShutDown = false
  }

  startBoth(): void {
    this.start('secondary')
    this.start('primary')
  }

  /** The process ends without a word; the peer's TCP notices at once. */
  kill(role: Role): void {
    this.server(role).engine = undefined
    this.cut()
  }

  /** As an empty disk. */
  loseStorage(role: Role): void {
    const server = this.server(role)
    server.bindings.clear()
    server.endpoint = undefined
    server.reservations = undefined
    server.drains = []
    server.lastCommitAt = undefined
    server.ranUntil = undefined
  }

  /** Every stream breaks; both ends are told. */
  cut(): void {
    for (const { id } of this.#streams.values()) {
      for (const role of ['primary', 'secondary'] as const) {
        this.#enqueue(role, { kind: 'stream-closed', connection: id, reason: 'connection reset' })
      }
    }
    this.#streams.clear()
    this.settle()
  }

  handle(role: Role, event: EngineEvent): Effects | undefined {
    const server = this.server(role)
    if (server.engine === undefined) return undefined
    const now = this.#clockOf(server)
    const effects = server.engine.handle(event, now)
    server.keep(effects, now)
    for (const output of effects.afterCommit) this.#release(server, output)
    return effects
  }

  command(role: Role, command: Command): CommandResult | undefined {
    const commandId = `command-${this.#nextCommand}`
    this.#nextCommand += 1
    this.handle(role, { kind: 'command-received', commandId, operator: 'ann', command })
    this.settle()
    return this.server(role).answers.get(commandId)
  }

  /** A client on the link sends REQUEST to this server, which grants it an address. */
  requestAddress(role: Role, clientNumber = 1): void {
    this.#clientSays(role, requestOf(clientNumber, this.server(role).configuration.serverDuid))
  }

  /** The client of `requestAddress` turns to this server with what it holds. */
  rebindAddress(role: Role, clientNumber: number, held: Ipv6Address): void {
    this.#clientSays(role, rebindOf(clientNumber, held))
  }

  #clientSays(role: Role, bytes: Uint8Array): void {
    const from = { address: 'fe80::1%eth0', port: 546 }
    const arrivedAt = this.#clockOf(this.server(role))
    this.handle(role, { kind: 'datagram-received', listenerId: 'eth0', from, bytes, arrivedAt })
    this.settle()
  }

  declarePartnerDown(role: Role, seenState: string, force = false, downSince?: Instant): CommandResult | undefined {
    return this.command(role, {
      kind: 'declare-partner-down',
      relationship: 'pair',
      reason: 'it burns',
      seenState,
      force,
      downSince,
    })
  }

  /** Let time pass, in steps of a quarter of a second. */
  run(seconds: number): void {
    const until = addSeconds(this.now, seconds)
    this.settle()
    while (this.now < until) {
      this.now = addMs(this.now, 250)
      this.settle()
    }
  }

  settle(): void {
    for (let round = 0; round < 200_000; round += 1) {
      const next = this.#queue.shift()
      if (next !== undefined) this.handle(next.to, next.event)
      else if (!this.#runDueDeadline()) return
    }
    throw new Error('the two servers do not come to rest')
  }

  view(role: Role): RelationshipSnapshot {
    const server = this.server(role)
    const found = server.engine?.snapshot(this.#clockOf(server)).relationships[0]
    if (found === undefined) throw new Error(`${role} runs`)
    return found
  }

  states(): string {
    return (['primary', 'secondary'] as const)
      .map((role) => (this.server(role).engine === undefined ? 'down' : this.view(role).state))
      .join(' / ')
  }

  sentText(): readonly string[] {
    return this.sent.map(({ from, message }) => `${from === 'primary' ? 'P' : 'S'} ${messageTypeName(message.type)}`)
  }

  pathOf(role: Role): readonly string[] {
    return this.server(role).transitions.map(({ to }) => to)
  }

  #runDueDeadline(): boolean {
    for (const server of [this.primary, this.secondary]) {
      const due = server.engine?.nextDeadline()
      if (due === undefined || due > this.#clockOf(server)) continue
      this.handle(server.role, { kind: 'deadline-reached' })
      return true
    }
    return false
  }

  #clockOf(server: TestServer): Instant {
    return addMs(this.now, server.clockOffsetMs)
  }

  #enqueue(to: Role, event: EngineEvent): void {
    this.#queue.push({ to, event })
  }

  #release(server: TestServer, output: Effects['afterCommit'][number]): void {
    const peer = partnerOf[server.role]
    switch (output.kind) {
      case 'dial-stream':
        this.#dial(server.role, peer)
        break
      case 'send-frame':
        this.#carry(server, peer, output.connection, output.bytes)
        break
      case 'secure-stream':
        this.#secure(server.role, output.connection)
        break
      case 'close-stream':
        if (!this.#closeStream(output.connection)) break
        this.#enqueue(peer, { kind: 'stream-closed', connection: output.connection, reason: 'closed by the peer' })
        break
      case 'command-answered':
        server.answers.set(output.commandId, output.result)
        break
      case 'shut-down-complete':
        server.hasShutDown = true
        break
      case 'send-datagram':
        break
    }
  }

  /** False: the peer hears nothing of it. */
  #closeStream(connection: number): boolean {
    const stream = this.#streams.get(connection)
    this.#streams.delete(connection)
    return stream !== undefined && !stream.isStuck && this.isNetworkUp
  }

  #dial(from: Role, to: Role): void {
    if (!this.isNetworkUp || this.server(to).engine === undefined) {
      this.#enqueue(from, { kind: 'dial-failed', relationship: 'pair', reason: 'connection refused' })
      return
    }
    const id = this.#nextStreamId
    this.#nextStreamId += 1
    this.#streams.set(id, { id, secureAsked: new Set(), isStuck: false })
    const opened = { kind: 'stream-opened', connection: id } as const
    this.#enqueue(to, { ...opened, direction: 'accepted', peerAddress: addressOf[from], relationship: undefined })
    this.#enqueue(from, { ...opened, direction: 'dialled', peerAddress: addressOf[to], relationship: 'pair' })
  }

  #carry(server: TestServer, peer: Role, connection: number, frame: Uint8Array): void {
    const bytes = frame.slice()
    stampSentTime(bytes, toDhcpTime(this.#clockOf(server)))
    const decoded = decodeStreamMessage(bytes.subarray(2))
    if (!decoded.ok) throw new Error(`${server.role} sent what cannot be read: ${decoded.error.detail}`)
    this.sent.push({ from: server.role, message: decoded.value })
    const stream = this.#streams.get(connection)
    if (stream === undefined) return
    if (!this.isNetworkUp) stream.isStuck = true
    if (stream.isStuck || !this.passes(server.role, decoded.value)) return
    const arrivedAt = this.#clockOf(this.server(peer))
    this.#enqueue(peer, { kind: 'frame-received', connection, bytes: bytes.subarray(2), arrivedAt })
  }

  #secure(role: Role, connection: number): void {
    const asked = this.#streams.get(connection)?.secureAsked
    asked?.add(role)
    if (asked?.size !== 2) return
    for (const to of ['primary', 'secondary'] as const) {
      this.#enqueue(to, { kind: 'stream-secured', connection, peerCertificate: 'CN=partner' })
    }
  }
}
