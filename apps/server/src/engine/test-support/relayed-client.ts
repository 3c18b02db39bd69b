/** For tests: one server alone on loopback, and one client that asks it through a relay. */
import dgram from 'node:dgram'
import { once } from 'node:events'
import { MessageType, OptionCode } from '@tandem/protocol'
import { expect } from 'vitest'
import { parseConfiguration } from '../../configuration/load-configuration.ts'
import type { ServerConfiguration } from '../../configuration/server-configuration.ts'

/** Serves clients of 2001:db8:100::/64 through relays on ::1 and that port. */
export function configurationAlone(storageUrl: string, port: number): ServerConfiguration {
  const loaded = parseConfiguration(
    `
node:
  name: alone
  storage: '${storageUrl}'
  listeners: [{ address: '::1', port: ${port}, replyTo: source }]
  api: { listen: '127.0.0.1:8067' }
subnets:
  - prefix: '2001:db8:100::/64'
    addressPools: ['2001:db8:100::1000-2001:db8:100::ffff']
`,
    '/etc/tandem/alone.yaml',
  )
  if (!('configuration' in loaded)) throw new Error(JSON.stringify(loaded))
  return loaded.configuration
}

/** A port of loopback that nobody uses at this moment. */
export async function freeUdpPort(): Promise<number> {
  const free = dgram.createSocket('udp6')
  free.bind(0, '::1')
  await once(free, 'listening')
  const { port } = free.address()
  free.close()
  return port
}

export interface RelayedClient {
  /** Answers the client's part of the answer; undefined: none came in time. */
  ask(type: number, options: readonly number[], withinMs?: number): Promise<Buffer | undefined>
  /** SOLICIT and REQUEST; answers the octets of the address. */
  lease(): Promise<readonly number[]>
  close(): void
}

export async function openRelayedClient(port: number): Promise<RelayedClient> {
  const socket = dgram.createSocket('udp6')
  socket.bind(0, '::1')
  await once(socket, 'listening')
  const ask: RelayedClient['ask'] = async (type, options, withinMs = 10_000) => {
    const signal = AbortSignal.timeout(withinMs)
    const answered = once(socket, 'message', { signal }).catch(() => [undefined])
    socket.send(new Uint8Array(relayedMessage(type, options)), port, '::1')
    const [answer] = await answered
    return Buffer.isBuffer(answer) ? answer.subarray(34 + 4) : undefined
  }
  return {
    ask,
    async lease() {
      const advertise = await ask(MessageType.Solicit, EMPTY_IA_NA)
      if (advertise === undefined) throw new Error('no ADVERTISE came')
      expect(advertise[0]).toBe(MessageType.Advertise)
      const reply = await ask(MessageType.Request, [
        ...option(OptionCode.ServerId, optionOf(advertise, OptionCode.ServerId)),
        ...option(OptionCode.IaNa, optionOf(advertise, OptionCode.IaNa)),
      ])
      if (reply === undefined) throw new Error('no REPLY came')
      expect(reply[0]).toBe(MessageType.Reply)
      return optionOf(reply, OptionCode.IaNa).slice(16, 32)
    },
    close: () => void socket.close(),
  }
}

export function option(code: number, value: readonly number[]): readonly number[] {
  return [code >> 8, code & 255, value.length >> 8, value.length & 255, ...value]
}

export const EMPTY_IA_NA = option(OptionCode.IaNa, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])

export function relayedMessage(type: number, options: readonly number[]): readonly number[] {
  const message = [type, 0, 0, 1, ...option(OptionCode.ClientId, [0, 3, 0, 1, 2, 0, 0, 0, 0, 9]), ...options]
  const link = [0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const peer = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  return [MessageType.RelayForw, 0, ...link, ...peer, ...option(OptionCode.RelayMessage, message)]
}

export function optionOf(message: Buffer, wanted: number): readonly number[] {
  for (let at = 4; at + 4 <= message.length;) {
    const end = at + 4 + message.readUInt16BE(at + 2)
    if (message.readUInt16BE(at) === wanted) return [...message.subarray(at + 4, end)]
    at = end
  }
  throw new Error(`there is no option ${wanted}`)
}
