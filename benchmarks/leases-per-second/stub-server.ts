/**
 * The limit of one Node process: answers every DHCPv6 message at once, without state, disk or decision. It reads the
 * client's DUID and its IAs and nothing else; a SOLICIT gets a lease from a counter, every other message the IAs it named.
 * `node stub-server.ts INTERFACE`
 */
import dgram from 'node:dgram'

const SOLICIT = 1
const ADVERTISE = 2
const REPLY = 7
const CLIENT_ID = 1
const SERVER_ID = 2
const IA_NA = 3
const IA_ADDRESS = 5
const IA_PD = 25
const IA_PREFIX = 26

const BUFFER_OCTETS = 4 * 1024 * 1024
const HEADER_OCTETS = 4
/** Of an IA: its id, T1 and T2. */
const IA_FIXED_OCTETS = 12

const serverId = Buffer.from('0002000a00030001020000000001', 'hex')
serverId.writeUInt16BE(SERVER_ID, 0)
serverId.writeUInt16BE(serverId.length - HEADER_OCTETS, 2)

const times = (preferredSeconds: number, validSeconds: number): Buffer => {
  const octets = Buffer.alloc(8)
  octets.writeUInt32BE(preferredSeconds, 0)
  octets.writeUInt32BE(validSeconds, 4)
  return octets
}
const t1AndT2 = times(1000, 1600)
const lifetimes = times(3200, 4000)
const addressBase = Buffer.from('20010db8000100000000000100000000', 'hex')
const prefixBase = Buffer.from('30000000000000000000000000000000', 'hex')

let given = 0

/** Undefined: no answer. */
export function answerTo(message: Buffer): Buffer | undefined {
  const type = message[0]
  if (type === undefined || message.length < HEADER_OCTETS) return undefined
  const parts: Buffer[] = [Buffer.from([type === SOLICIT ? ADVERTISE : REPLY, 0, 0, 0]), serverId]
  message.copy(parts[0] ?? serverId, 1, 1, HEADER_OCTETS)
  let at = HEADER_OCTETS
  while (at + HEADER_OCTETS <= message.length) {
    const code = message.readUInt16BE(at)
    const end = at + HEADER_OCTETS + message.readUInt16BE(at + 2)
    if (end > message.length) return undefined
    if (code === CLIENT_ID) parts.push(message.subarray(at, end))
    else if (code === IA_NA || code === IA_PD)
      parts.push(type === SOLICIT ? offer(message, at, code) : message.subarray(at, end))
    at = end
  }
  return Buffer.concat(parts)
}

function offer(message: Buffer, at: number, code: number): Buffer {
  given = (given + 1) >>> 0
  const lease = code === IA_NA ? addressOption(given) : prefixOption(given)
  const head = Buffer.alloc(HEADER_OCTETS + 4)
  head.writeUInt16BE(code, 0)
  head.writeUInt16BE(IA_FIXED_OCTETS + lease.length, 2)
  message.copy(head, HEADER_OCTETS, at + HEADER_OCTETS, at + HEADER_OCTETS + 4)
  return Buffer.concat([head, t1AndT2, lease])
}

function addressOption(number: number): Buffer {
  const option = Buffer.concat([Buffer.from([0, IA_ADDRESS, 0, 24]), addressBase, lifetimes])
  option.writeUInt32BE(number, HEADER_OCTETS + 12)
  return option
}

/** A /56: the counter ends with the seventh octet. */
function prefixOption(number: number): Buffer {
  const option = Buffer.concat([Buffer.from([0, IA_PREFIX, 0, 25]), lifetimes, Buffer.from([56]), prefixBase])
  option.writeUInt32BE(number, HEADER_OCTETS + 9 + 3)
  return option
}

function serve(interfaceName: string): void {
  const sizes = { recvBufferSize: BUFFER_OCTETS, sendBufferSize: BUFFER_OCTETS }
  const socket = dgram.createSocket({ type: 'udp6', reuseAddr: true, ...sizes })
  socket.on('message', (message, { port, address }) => {
    const answer = answerTo(message)
    if (answer !== undefined) socket.send(answer, port, address)
  })
  socket.bind(547, '::', () => {
    socket.addMembership('ff02::1:2', `::%${interfaceName}`)
    process.stdout.write('ready\n')
  })
}

const [, started, interfaceName] = process.argv
if (started === import.meta.filename && interfaceName !== undefined) serve(interfaceName)
