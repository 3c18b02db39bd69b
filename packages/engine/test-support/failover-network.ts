/** Any number of whole engines with streams between them, by address: for tests of servers with several partners. */
import {
  clientIdOption,
  decodeDatagram,
  decodeStreamMessage,
  duidFromHex,
  encodeDatagram,
  findOption,
  formatIpv6Address,
  iaAddressOption,
  iaNaOption,
  makePrefix,
  MessageType,
  messageTypeName,
  option,
  serverIdOption,
  stampSentTime,
  toDhcpTime,
  type Duid,
} from '@tandem/protocol'
import {
  addMs,
  addSeconds,
  createEngine,
  keyOf,
  type Binding,
  type BindingKey,
  type Effects,
  type EndpointRecord,
  type Engine,
  type EngineConfiguration,
  type EngineEvent,
  type Instant,
  type RelationshipConfiguration,
  type ReservationRecord,
  type Subnet,
} from '../src/index.ts'
import { address, TEST_START, testConfiguration } from './failover-pair.ts'

export interface NetworkServerOptions {
  readonly name: string
  readonly address: string
  readonly duid: Duid
  readonly relationships: readonly RelationshipConfiguration[]
}

/** The subnet of a relationship: its number is in its prefix, `2001:db8:<number>::/64`. */
export function subnetOf(relationship: RelationshipConfiguration, number: number): Subnet {
  const [base] = testConfiguration(relationship).subnets
  if (base === undefined) throw new Error('the test configuration has a subnet')
  const at = `2001:db8:${number}:`
  return {
    ...base,
    id: `${at}:/64`,
    prefix: makePrefix(address(`${at}:`), 64),
    interfaceNames: [`eth${number}`],
    addressPools: [{ id: `pool-${number}`, first: address(`${at}:1000`), last: address(`${at}:1fff`) }],
  }
}

export class NetworkServer {
  readonly name: string
  readonly address: string
  readonly configuration: EngineConfiguration
  readonly bindings = new Map<BindingKey, Binding>()
  readonly endpoints = new Map<string, EndpointRecord>()
  readonly reservations = new Map<string, ReservationRecord>()
  engine: Engine | undefined
  ranUntil: Instant | undefined
  lastCommitAt: Instant | undefined

  constructor({ name, address: own, duid, relationships }: NetworkServerOptions) {
    this.name = name
    this.address = own
    this.configuration = {
      serverName: name,
      serverDuid: duid,
      listeners: relationships.map(({ name: relationship }) => {
        const id = `eth${numberOf(relationship)}`
        return { id, kind: 'interface', interfaceName: id, replyTo: 'relay-port' }
      }),
      subnets: relationships.map((relationship) => subnetOf(relationship, numberOf(relationship.name))),
      relationships,
    }
  }

  keep(effects: Effects, now: Instant): void {
    for (const change of effects.commit) {
      if (change.kind === 'binding-put') this.bindings.set(keyOf(change.binding), change.binding)
      else if (change.kind === 'endpoint-put') this.endpoints.set(change.endpoint.relationship, change.endpoint)
      else if (change.kind === 'reservations-put') {
        this.reservations.set(change.reservations.relationship, change.reservations)
      }
    }
    if (effects.commit.length === 0) return
    this.lastCommitAt = now
    this.ranUntil = addSeconds(now, 3)
  }
}

/** `pair-2` has the subnet and the interface 2. */
export function numberOf(relationship: string): number {
  return Number(relationship.split('-').at(-1))
}

interface Stream {
  readonly ends: readonly [NetworkServer, NetworkServer]
}

export class FailoverNetwork {
  now: Instant = TEST_START
  readonly servers: readonly NetworkServer[]
  /** `alpha -> beta STATE`: every message that was sent. */
  readonly sent: string[] = []
  readonly #streams = new Map<number, Stream>()
  #nextStreamId = 1
  readonly #queue: { readonly to: NetworkServer; readonly event: EngineEvent }[] = []
  #granted: string | undefined

  constructor(servers: readonly NetworkServer[]) {
    this.servers = servers
  }

  start(server: NetworkServer): void {
    server.engine = createEngine(
      server.configuration,
      {
        bindings: server.bindings.values(),
        endpoints: [...server.endpoints.values()],
        reservations: [...server.reservations.values()],
        drains: [],
        lastCommitAt: server.lastCommitAt,
        ranUntil: server.ranUntil,
      },
      this.now,
    )
  }

  /** The process ends without a word; its peers' TCP notices at once. */
  kill(server: NetworkServer): void {
    server.engine = undefined
    for (const [connection, { ends }] of this.#streams) {
      if (!ends.includes(server)) continue
      this.#streams.delete(connection)
      for (const to of ends) this.#queue.push({ to, event: { kind: 'stream-closed', connection, reason: 'reset' } })
    }
    this.settle()
  }

  run(seconds: number): void {
    const until = addSeconds(this.now, seconds)
    this.settle()
    while (this.now < until) {
      this.now = addMs(this.now, 250)
      this.settle()
    }
  }

  settle(): void {
    for (let round = 0; round < 10_000; round += 1) {
      const next = this.#queue.shift()
      if (next !== undefined) this.#handle(next.to, next.event)
      else if (!this.#runDueDeadline()) return
    }
    throw new Error('the servers do not come to rest')
  }

  stateOf(server: NetworkServer, relationship: string): string | undefined {
    return server.engine?.snapshot(this.now).relationships.find(({ name }) => name === relationship)?.state
  }

  /** A client on the link of this relationship sends REQUEST; the address it was given, or nothing. */
  requestAddress(server: NetworkServer, relationship: string, client: Duid): string | undefined {
    this.#granted = undefined
    const options = [
      option(clientIdOption, client),
      option(serverIdOption, server.configuration.serverDuid),
      option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [] }),
    ]
    const bytes = encodeDatagram({ kind: 'client-server', type: MessageType.Request, transactionId: 1, options })
    const listenerId = `eth${numberOf(relationship)}`
    const from = { address: `fe80::1%${listenerId}`, port: 546 }
    this.#handle(server, { kind: 'datagram-received', listenerId, from, bytes, arrivedAt: this.now })
    this.settle()
    return this.#granted
  }

  declarePartnerDown(server: NetworkServer, relationship: string): void {
    const seenState = this.stateOf(server, relationship) ?? ''
    const command = { kind: 'declare-partner-down', relationship, reason: 'it burns', seenState, force: false } as const
    this.#handle(server, { kind: 'command-received', commandId: 'command', operator: 'ann', command })
    this.settle()
  }

  #runDueDeadline(): boolean {
    for (const server of this.servers) {
      const due = server.engine?.nextDeadline()
      if (due === undefined || due > this.now) continue
      this.#handle(server, { kind: 'deadline-reached' })
      return true
    }
    return false
  }

  #handle(server: NetworkServer, event: EngineEvent): void {
    if (server.engine === undefined) return
    const effects = server.engine.handle(event, this.now)
    server.keep(effects, this.now)
    for (const output of effects.afterCommit) this.#release(server, output)
  }

  #release(server: NetworkServer, output: Effects['afterCommit'][number]): void {
    if (output.kind === 'dial-stream') this.#dial(server, output.relationship)
    else if (output.kind === 'send-frame') this.#carry(server, output.connection, output.bytes)
    else if (output.kind === 'close-stream') this.#close(server, output.connection)
    else if (output.kind === 'send-datagram') this.#granted = addressIn(output.bytes)
  }

  #dial(from: NetworkServer, relationship: string): void {
    const configured = from.configuration.relationships.find(({ name }) => name === relationship)
    const wanted = configured === undefined ? '' : formatIpv6Address(configured.partnerAddress)
    const to = this.servers.find((server) => server.address === wanted)
    if (to?.engine === undefined) {
      this.#queue.push({ to: from, event: { kind: 'dial-failed', relationship, reason: 'connection refused' } })
      return
    }
    const connection = this.#nextStreamId
    this.#nextStreamId += 1
    this.#streams.set(connection, { ends: [from, to] })
    const opened = { kind: 'stream-opened', connection } as const
    const accepted = { direction: 'accepted', peerAddress: from.address, relationship: undefined } as const
    this.#queue.push({ to, event: { ...opened, ...accepted } })
    const dialled = { direction: 'dialled', peerAddress: to.address, relationship } as const
    this.#queue.push({ to: from, event: { ...opened, ...dialled } })
  }

  #carry(from: NetworkServer, connection: number, frame: Uint8Array): void {
    const to = this.#otherEnd(from, connection)
    if (to === undefined) return
    const bytes = frame.slice()
    stampSentTime(bytes, toDhcpTime(this.now))
    const decoded = decodeStreamMessage(bytes.subarray(2))
    if (!decoded.ok) throw new Error(`${from.name} sent what cannot be read: ${decoded.error.detail}`)
    this.sent.push(`${from.name} -> ${to.name} ${messageTypeName(decoded.value.type)}`)
    const event: EngineEvent = { kind: 'frame-received', connection, bytes: bytes.subarray(2), arrivedAt: this.now }
    this.#queue.push({ to, event })
  }

  #close(from: NetworkServer, connection: number): void {
    const to = this.#otherEnd(from, connection)
    this.#streams.delete(connection)
    if (to !== undefined) {
      this.#queue.push({ to, event: { kind: 'stream-closed', connection, reason: 'closed by the peer' } })
    }
  }

  #otherEnd(of: NetworkServer, connection: number): NetworkServer | undefined {
    return this.#streams.get(connection)?.ends.find((end) => end !== of)
  }
}

function addressIn(bytes: Uint8Array): string | undefined {
  const decoded = decodeDatagram(bytes)
  if (!decoded.ok || decoded.value.kind !== 'client-server') return undefined
  const ia = findOption(decoded.value.options, iaNaOption)
  const found = findOption(ia?.options ?? [], iaAddressOption)
  return found === undefined ? undefined : formatIpv6Address(found.address)
}

export const testDuid = (number: number): Duid => duidFromHex(`0003000102000000${number.toString(16).padStart(4, '0')}`)
