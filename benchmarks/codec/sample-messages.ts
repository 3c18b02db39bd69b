/** One message of each kind as it really travels: what clients send, and what two engines said when they heard it. */
import type { Effects, EngineEvent, Role } from '@tandem/engine'
import {
  clientDataOption,
  decodeStreamMessage,
  findOption,
  isFailoverMessageType,
  MessageType,
  messageTypeName,
  type FailoverMessageType,
} from '@tandem/protocol'
import { serverDuids } from '../engines/bench-configuration.ts'
import {
  answerIn,
  informationRequestOf,
  rebindOf,
  relayed,
  releaseOf,
  renewOf,
  requestOf,
  solicitOf,
  type Asked,
} from '../engines/client-octets.ts'
import { datagram, startPair, type EngineServers } from '../engines/engine-servers.ts'
import { leaseOf } from '../engines/filled-table.ts'

export interface SampleMessage {
  readonly name: string
  /** `stream`: without its size octets. */
  readonly carrier: 'datagram' | 'stream'
  readonly octets: Uint8Array
}

const LEASES = 1000
const NEW_CLIENT = 1_000_000

export function collectSamples(): readonly SampleMessage[] {
  const samples = new Map<string, SampleMessage>()
  const add = (name: string, carrier: SampleMessage['carrier'], octets: Uint8Array): void => {
    // A copy: a view into a larger area would not be what is timed.
    if (!samples.has(name)) samples.set(name, { name, carrier, octets: octets.slice() })
  }
  const servers = startPair(LEASES, (event) => {
    if (event.kind === 'frame-received') add(frameName(event.bytes), 'stream', event.bytes)
  })
  const client = new SampledClient(servers, (name, octets) => add(name, 'datagram', octets))
  client.acquire('address', false)
  client.acquire('address', true)
  client.acquire('prefix', false)
  client.say('RENEW', renewOf(1, serverDuids.primary, leaseOf(1)))
  client.say('REBIND', rebindOf(2, leaseOf(2)))
  client.say('INFORMATION-REQUEST', informationRequestOf(3))
  client.say('RELEASE', releaseOf(4, serverDuids.primary, leaseOf(4)))
  // Long enough for a CONTACT, and no longer than the partner may be silent.
  servers.wait(20_000)
  servers.settle([])
  return [...samples.values()].toSorted(byCarrier)
}

class SampledClient {
  readonly #servers: EngineServers
  readonly #add: (name: string, octets: Uint8Array) => void
  #client = NEW_CLIENT

  constructor(servers: EngineServers, add: (name: string, octets: Uint8Array) => void) {
    this.#servers = servers
    this.#add = add
  }

  /** The usual four messages. */
  acquire(asked: Asked, throughRelay: boolean): void {
    this.#client += 1
    const suffix = asked === 'prefix' ? ' of a prefix' : ''
    const wrap = (octets: Uint8Array): Uint8Array => (throughRelay ? relayed(this.#client, octets) : octets)
    const name = (type: string): string => (throughRelay ? `${type}, relayed` : type) + suffix
    const advertise = this.#ask(name('SOLICIT'), wrap(solicitOf(this.#client, asked)), throughRelay)
    this.#add(name('ADVERTISE'), advertise)
    const request = wrap(requestOf(this.#client, answerIn(advertise)))
    this.#add(name('REPLY'), this.#ask(name('REQUEST'), request, throughRelay))
  }

  say(name: string, octets: Uint8Array): void {
    this.#ask(name, octets, false)
  }

  #ask(name: string, octets: Uint8Array, throughRelay: boolean): Uint8Array {
    this.#add(name, octets)
    const role: Role = 'primary'
    const event: EngineEvent = datagram(octets, throughRelay, this.#servers.now)
    const effects = this.#servers.handle(role, event)
    this.#servers.settle(this.#servers.delivered(role, effects))
    return answerOf(name, effects)
  }
}

function answerOf(question: string, effects: Effects): Uint8Array {
  for (const output of effects.afterCommit) if (output.kind === 'send-datagram') return output.bytes
  throw new Error(`${question} was not answered: ${JSON.stringify(effects.notices)}`)
}

/** The partners tell each other of leases that clients have, and of prefixes that nobody has. */
function frameName(octets: Uint8Array): string {
  const decoded = decodeStreamMessage(octets)
  if (!decoded.ok) throw new Error(`a frame that cannot be read: ${decoded.error.detail}`)
  const { type, options } = decoded.value
  const isOfClient = findOption(options, clientDataOption) !== undefined
  const isOfLease = isFailoverMessageType(type) && everyLease.includes(type)
  return isOfLease && !isOfClient ? `${messageTypeName(type)}, free prefixes` : messageTypeName(type)
}

/** Failover messages behind those of the clients, the two that every lease costs first. */
const everyLease: readonly FailoverMessageType[] = [MessageType.Bndupd, MessageType.Bndreply]

function byCarrier(a: SampleMessage, b: SampleMessage): number {
  return rank(a) - rank(b)
}

function rank({ octets, carrier }: SampleMessage): number {
  const [type = 0] = octets
  if (carrier === 'datagram') return 0
  return isFailoverMessageType(type) && everyLease.includes(type) ? 1 : 2
}
