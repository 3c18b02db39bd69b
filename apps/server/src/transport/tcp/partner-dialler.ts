/** The primary's end: connects to the partner from the configured local address (RFC 8156 section 6.1). */
import { connect, type Socket } from 'node:net'
import type { PartnerLink } from '../../configuration/server-configuration.ts'

const CONNECT_WITHIN_MS = 10_000

export type Dialled = { readonly ok: true; readonly socket: Socket } | { readonly ok: false; readonly reason: string }

export function dialPartner(link: PartnerLink): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = connect({
      host: link.partnerAddress,
      port: link.partnerPort,
      localAddress: link.localAddress,
      family: 6,
      noDelay: true,
    })
    const refuse = (reason: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ok: false, reason })
    }
    const timer = setTimeout(() => refuse('no answer within 10 s'), CONNECT_WITHIN_MS)
    const failed = (error: Error): void => refuse(error.message)
    socket.once('error', failed)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', failed)
      resolve({ ok: true, socket })
    })
  })
}
