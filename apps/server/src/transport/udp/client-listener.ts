/** One UDP socket for clients and relays: a datagram becomes an event, an output becomes a datagram (RFC 9915 section 7.2). */
import dgram from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import type { DatagramPeer, DatagramReceived } from '@tandem/engine'
import type { ClientListener } from '../../configuration/server-configuration.ts'
import type { Clock } from '../../engine/steady-clock.ts'
import { ListenerUnusable } from '../listener-unusable.ts'

/** Hundreds of milliseconds of traffic; what waits longer is shed by age. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

/** All_DHCP_Relay_Agents_and_Servers (RFC 9915 section 7.1). */
const RELAYS_AND_SERVERS = 'ff02::1:2'

export interface ClientListenerEvents {
  datagram(event: DatagramReceived): void
  sendFailed(detail: string): void
  /** Nothing more will be heard on this socket. */
  broken(detail: string): void
}

export interface OpenClientListener {
  readonly id: string
  /** For the ready line, for example `udp [::1]:10547`. */
  readonly description: string
  send(to: DatagramPeer, bytes: Uint8Array): void
  close(): Promise<void>
}

export async function openClientListener(
  listener: ClientListener,
  clock: Clock,
  events: ClientListenerEvents,
): Promise<OpenClientListener> {
  const description = describeListener(listener)
  if (listener.kind === 'interface') mustExist(listener.interfaceName, description)
  const socket = dgram.createSocket({
    type: 'udp6',
    ipv6Only: true,
    // The other listeners of the machine's links share the port; each hears only its own link.
    reuseAddr: listener.kind === 'interface',
    lookup: takeAsItIs,
  })
  await bind(socket, listener, description)
  socket.setRecvBufferSize(RECEIVE_BUFFER_OCTETS)
  if (listener.kind === 'interface') {
    socket.addMembership(RELAYS_AND_SERVERS, `::%${listener.interfaceName}`)
    socket.setMulticastInterface(`::%${listener.interfaceName}`)
  }
  socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
    events.datagram({
      kind: 'datagram-received',
      listenerId: listener.id,
      from: { address: from.address, port: from.port },
      bytes,
      arrivedAt: clock.now(),
    })
  })
  socket.on('error', (error) => events.broken(`${description}: ${error.message}`))
  const isBoundToLink = listener.kind === 'interface' && process.platform === 'linux'
  const onLink = (address: string): string => (isBoundToLink ? withoutScope(address) : address)
  return {
    id: listener.id,
    description,
    send(to, bytes) {
      const failed = (reason: string): void => {
        events.sendFailed(`${description} to [${to.address}]:${to.port}: ${reason}`)
      }
      // A forged source: Node throws where it would be sent back to.
      if (to.port === 0) failed('nothing can be sent to port 0')
      else socket.send(bytes, to.port, onLink(to.address), (error) => error !== null && failed(error.message))
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** Linux takes the link from the socket then; to name it costs three system calls a datagram. */
function withoutScope(address: string): string {
  const end = address.indexOf('%')
  return end === -1 ? address : address.slice(0, end)
}

export function describeListener(listener: ClientListener): string {
  return listener.kind === 'interface'
    ? `udp [${RELAYS_AND_SERVERS}%${listener.interfaceName}]:${listener.port}`
    : `udp [${listener.address}]:${listener.port}`
}

function mustExist(interfaceName: string, description: string): void {
  if (networkInterfaces()[interfaceName] !== undefined) return
  const known = Object.keys(networkInterfaces()).join(', ')
  throw new ListenerUnusable(
    description,
    new Error(`there is no interface ${interfaceName} that is up with an address (there are: ${known})`),
  )
}

/**
 * Bound to the group on its link rather than to every address: the kernel then hands over what arrived on that link
 * and nothing else, whatever other sockets joined.
 */
function bind(socket: Socket, listener: ClientListener, description: string): Promise<void> {
  const address = listener.kind === 'interface' ? `${RELAYS_AND_SERVERS}%${listener.interfaceName}` : listener.address
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new ListenerUnusable(description, error))
    socket.once('error', fail)
    socket.bind({ address, port: listener.port, exclusive: true }, () => {
      socket.off('error', fail)
      resolve()
    })
  })
}

/** Every address here is an address already; asking the resolver would cost a turn of the loop per datagram. */
function takeAsItIs(
  address: string,
  _options: unknown,
  done: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  done(null, address, 6)
}
