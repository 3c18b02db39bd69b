/**
 * A link in namespaces for real clients of a pair on the loopback interface:
 *
 *     client ── v0 ═══ lower ── relay ··· lines ··· this process ── ::1 ── alpha, beta
 *
 * The relay's ears are in a namespace, what it says to the servers it says from here (RFC 9915 section 19).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  decodeDatagram,
  encodeDatagram,
  findOption,
  formatIpv6Address,
  MessageType,
  option,
  relayMessageOption,
} from '@tandem/protocol'
import { startDhclient } from '../network/clients/dhclient.ts'
import type { RealClient } from '../network/clients/real-client.ts'
import { makeNamespaces, type Namespace, type Namespaces } from '../topology/namespaces.ts'
import type { SubnetText } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'
import type { LoopbackPair } from './loopback-pair.ts'
import { addressOf } from './relayed-message.ts'

const LINK_ADDRESS = '2001:db8:3::1'

export const realClientSubnet: SubnetText = {
  prefix: '2001:db8:3::/64',
  addressPools: ['2001:db8:3::1000-2001:db8:3::107f'],
}

const program = join(import.meta.dirname, '..', 'topology', 'stand-in-relay.ts')

export class RealClientLink {
  readonly #pair: LoopbackPair
  readonly #namespaces: Namespaces
  readonly #client: Namespace
  readonly #ears: ChildProcess
  readonly #upper: Socket
  #clients = 0
  #isReady = false

  private constructor(pair: LoopbackPair, namespaces: Namespaces, upper: Socket) {
    this.#pair = pair
    this.#namespaces = namespaces
    this.#upper = upper
    const relay = namespaces.add('relay')
    this.#client = namespaces.add('client')
    namespaces.cable(this.#client, 'v0', relay, 'lower')
    const [command = '', ...args] = relay.inside('setpriv', '--pdeathsig', 'KILL', process.execPath, program, 'lower')
    this.#ears = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    if (this.#ears.stdout === null) throw new Error('the relay cannot be heard')
    createInterface({ input: this.#ears.stdout }).on('line', (line) => this.#heard(line))
    upper.on('message', (bytes) => this.#answered(bytes))
  }

  static async open(pair: LoopbackPair): Promise<RealClientLink> {
    const upper = createSocket('udp6')
    upper.on('error', () => undefined)
    await new Promise<void>((resolve) => upper.bind(0, '::1', resolve))
    const link = new RealClientLink(pair, makeNamespaces(), upper)
    await waitUntil('the relay listens', 10_000, () => link.#isReady)
    return link
  }

  /** A client that nobody knows yet. */
  newClient(): RealClient {
    this.#clients += 1
    const name = `dhclient-${this.#clients}`
    return startDhclient({ name, namespace: this.#client, folder: join(this.#pair.folder, name) }, 'address')
  }

  close(): void {
    this.#ears.kill('SIGTERM')
    this.#upper.close()
    this.#namespaces.remove()
  }

  #heard(line: string): void {
    if (line === 'ready') {
      this.#isReady = true
      return
    }
    const [client = '', hex = ''] = line.split(' ')
    const bytes = encodeDatagram({
      kind: 'relay',
      type: MessageType.RelayForw,
      hopCount: 0,
      linkAddress: addressOf(LINK_ADDRESS),
      peerAddress: addressOf(client),
      options: [option(relayMessageOption, Buffer.from(hex, 'hex'))],
    })
    for (const { place } of this.#pair.servers) this.#upper.send(bytes, place.clientPort, '::1', () => undefined)
  }

  #answered(bytes: Uint8Array): void {
    const decoded = decodeDatagram(bytes)
    if (!decoded.ok || decoded.value.kind !== 'relay') return
    const inside = findOption(decoded.value.options, relayMessageOption)
    if (inside === undefined) return
    const client = formatIpv6Address(decoded.value.peerAddress)
    this.#ears.stdin?.write(`${client} ${Buffer.from(inside).toString('hex')}\n`)
  }
}
