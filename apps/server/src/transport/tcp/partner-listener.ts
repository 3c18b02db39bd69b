/** The secondary's end: accepts failover connections from configured partners only (RFC 8156 section 6.1). */
import { createServer, type Server, type Socket } from 'node:net'
import { parseIpv6Address } from '@tandem/protocol'
import type { PartnerLink } from '../../configuration/server-configuration.ts'
import { ListenerUnusable } from '../listener-unusable.ts'

/** A partner has one connection and, while it reconnects, perhaps a second one. */
const OPEN_CONNECTIONS_MAX = 8

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
  const partners = new Set(links.map((link) => parseIpv6Address(withoutZone(link.partnerAddress))))
  let openCount = 0
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const peerAddress = withoutZone(socket.remoteAddress ?? '')
    const parsed = parseIpv6Address(peerAddress)
    const reason = refusal(parsed !== undefined && partners.has(parsed), openCount)
    if (reason !== undefined) {
      socket.destroy()
      events.rejected(peerAddress, reason)
      return
    }
    openCount += 1
    socket.once('close', () => {
      openCount -= 1
    })
    events.accepted(socket, peerAddress)
    socket.resume()
  })
  const description = `tcp [${first.localAddress}]:${first.localPort}`
  await listen(server, first, description)
  return { description, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

function refusal(isPartner: boolean, openCount: number): string | undefined {
  if (!isPartner) return 'it is no configured partner'
  if (openCount >= OPEN_CONNECTIONS_MAX) return `it has ${openCount} connections open already`
  return undefined
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
