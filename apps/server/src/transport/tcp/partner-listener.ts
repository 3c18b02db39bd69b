/** The secondary's end: accepts failover connections from configured partners only (RFC 8156 section 6.1). */
import { createServer, type Server, type Socket } from 'node:net'
import { formatIpv6Address, parseIpv6Address } from '@tandem/protocol'
import type { PartnerLink } from '../../configuration/server-configuration.ts'
import { ListenerUnusable } from '../listener-unusable.ts'
import { ConnectionsOfPeers } from './connections-of-peer.ts'

export interface PartnerListenerEvents {
  accepted(socket: Socket, peerAddress: string): void
  rejected(peerAddress: string, reason: string): void
}

export interface OpenPartnerListener {
  readonly description: string
  close(): Promise<void>
}

/** `links` share one local address and port. */
export async function openPartnerListener(
  links: readonly PartnerLink[],
  events: PartnerListenerEvents,
): Promise<OpenPartnerListener> {
  const [first] = links
  if (first === undefined) throw new Error('a partner listener without a relationship')
  const peers = new ConnectionsOfPeers(links.map((link) => canonicalAddress(link.partnerAddress)))
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const peerAddress = withoutZone(socket.remoteAddress ?? '')
    const peer = canonicalAddress(peerAddress)
    const reason = peers.open(peer)
    if (reason !== undefined) {
      socket.destroy()
      events.rejected(peerAddress, reason)
      return
    }
    socket.once('close', () => peers.closed(peer))
    events.accepted(socket, peerAddress)
    socket.resume()
  })
  const description = `tcp [${first.localAddress}]:${first.localPort}`
  await listen(server, first, description)
  return { description, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** One way of writing an address, without the link it is on; '' for what is none. */
export function canonicalAddress(address: string): string {
  const parsed = parseIpv6Address(withoutZone(address))
  return parsed === undefined ? '' : formatIpv6Address(parsed)
}

function listen(server: Server, link: PartnerLink, description: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new ListenerUnusable(description, error))
    server.once('error', fail)
    server.listen({ host: link.localAddress, port: link.localPort, ipv6Only: true, exclusive: true }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

export function withoutZone(address: string): string {
  return address.split('%')[0] ?? ''
}
