/** All failover connections of this server: dialled, accepted, secured, written to and closed at the engine's request. */
import type { Socket } from 'node:net'
import type { CloseStream, ConnectionId, DialStream, EngineEvent, SecureStream, SendFrame } from '@tandem/engine'
import type { PartnerLink } from '../../configuration/server-configuration.ts'
import type { Clock } from '../../engine/steady-clock.ts'
import type { PartnerCertificates } from '../../engine/engine-service.ts'
import type { CertificateFacts } from '../tls/certificate-facts.ts'
import { TlsMaterialInForce } from '../tls/tls-material.ts'
import { dialPartner } from './partner-dialler.ts'
import { canonicalAddress, openPartnerListener, withoutZone, type OpenPartnerListener } from './partner-listener.ts'
import { PartnerStream } from './partner-stream.ts'

export interface PartnerConnectionEvents {
  push(event: EngineEvent): void
  /** `relationships`: those that the connection may be for; of an accepted one CONNECT says which. */
  opened(connection: ConnectionId, relationships: readonly string[]): void
  ended(connection: ConnectionId): void
  frameSent(connection: ConnectionId, bytes: Uint8Array): void
  rejected(peerAddress: string, reason: string): void
}

/** Broken or ending files are known without a connection. */
const TLS_REFRESH_INTERVAL_MS = 60_000

interface LinkTls {
  readonly material: TlsMaterialInForce
  /** Of the last connection that was secured. */
  partner: CertificateFacts | undefined
}

export class PartnerConnections {
  readonly #links: ReadonlyMap<string, PartnerLink>
  readonly #clock: Clock
  readonly #events: PartnerConnectionEvents
  readonly #streams = new Map<ConnectionId, PartnerStream>()
  readonly #tls: ReadonlyMap<string, LinkTls>
  #tlsTimer: NodeJS.Timeout | undefined
  #listeners: readonly OpenPartnerListener[] = []
  #lastConnection: ConnectionId = 0
  /** What was dialled in an earlier one is no longer wanted. */
  #generation = 0

  constructor(links: readonly PartnerLink[], clock: Clock, events: PartnerConnectionEvents) {
    this.#links = new Map(links.map((link) => [link.relationship, link]))
    this.#tls = new Map(links.flatMap((link) => linkTls(link)))
    this.#clock = clock
    this.#events = events
  }

  get descriptions(): readonly string[] {
    return this.#listeners.map((listener) => listener.description)
  }

  /** Where this server is secondary. TLS files that cannot be read are known now and not at the first connection. */
  async listen(): Promise<void> {
    this.#tlsTimer = setInterval(() => this.refreshTls(), TLS_REFRESH_INTERVAL_MS)
    const bySocket = new Map<string, PartnerLink[]>()
    for (const link of this.#links.values()) {
      if (link.transport === 'tls') this.#tlsOf(link.relationship).material.current()
      if (link.role !== 'secondary') continue
      const key = `${link.localAddress} ${link.localPort}`
      bySocket.set(key, [...(bySocket.get(key) ?? []), link])
    }
    for (const links of bySocket.values()) {
      const listener = await openPartnerListener(links, {
        accepted: (socket, peerAddress) => this.#open(socket, 'accepted', peerAddress, undefined),
        rejected: (peerAddress, reason) => this.#events.rejected(peerAddress, reason),
      })
      this.#listeners = [...this.#listeners, listener]
    }
  }

  dial({ relationship }: DialStream): void {
    const link = this.#link(relationship)
    const generation = this.#generation
    void dialPartner(link).then((dialled) => {
      if (generation !== this.#generation) {
        if (dialled.ok) dialled.socket.destroy()
        return
      }
      if (!dialled.ok) this.#events.push({ kind: 'dial-failed', relationship, reason: dialled.reason })
      else this.#open(dialled.socket, 'dialled', withoutZone(link.partnerAddress), relationship)
    })
  }

  secure({ connection, as, relationship }: SecureStream): void {
    const tls = this.#tlsOf(relationship)
    this.#streams.get(connection)?.secure(as, {
      material: () => tls.material.current(),
      seen(peer) {
        tls.partner = peer
      },
    })
  }

  /** Looks at the files again; the timer calls it. */
  refreshTls(): void {
    for (const { material } of this.#tls.values()) material.refresh()
  }

  certificates(): readonly PartnerCertificates[] {
    return [...this.#tls].map(([relationship, { material, partner }]) => ({
      relationship,
      own: material.own,
      partner,
      problem: material.problem,
    }))
  }

  sendFrame({ connection, bytes }: SendFrame): void {
    const stream = this.#streams.get(connection)
    if (stream === undefined) return
    stream.send(bytes)
    this.#events.frameSent(connection, bytes)
  }

  closeStream({ connection }: CloseStream): void {
    this.#streams.get(connection)?.close()
  }

  /** A partner that broke a bound; the engine hears of it. */
  fail(connection: ConnectionId, reason: string): void {
    this.#streams.get(connection)?.fail(reason)
  }

  /** All that stands and all that is being dialled. */
  dropAll(): void {
    this.#generation += 1
    for (const stream of this.#streams.values()) stream.drop()
  }

  /** Lets what has been sent leave, within the time that a closing stream has. */
  async close(): Promise<void> {
    clearInterval(this.#tlsTimer)
    this.#generation += 1
    const ended = this.#listeners.map((listener) => listener.close())
    for (const stream of this.#streams.values()) stream.close()
    await Promise.all(ended)
  }

  #open(
    socket: Socket,
    direction: 'dialled' | 'accepted',
    peerAddress: string,
    relationship: string | undefined,
  ): void {
    this.#lastConnection += 1
    const connection = this.#lastConnection
    this.#events.opened(connection, relationship === undefined ? this.#secondaryFor(peerAddress) : [relationship])
    this.#events.push({ kind: 'stream-opened', connection, direction, peerAddress, relationship })
    const stream = new PartnerStream(connection, socket, this.#clock, {
      push: (event) => this.#events.push(event),
      ended: (gone) => {
        this.#streams.delete(gone)
        this.#events.ended(gone)
      },
    })
    this.#streams.set(connection, stream)
  }

  /** Relationships in which this server is secondary to whoever has this address. */
  #secondaryFor(peerAddress: string): readonly string[] {
    const peer = canonicalAddress(peerAddress)
    return [...this.#links.values()]
      .filter(({ role, partnerAddress }) => role === 'secondary' && canonicalAddress(partnerAddress) === peer)
      .map(({ relationship }) => relationship)
  }

  #tlsOf(relationship: string): LinkTls {
    const tls = this.#tls.get(relationship)
    if (tls === undefined) throw new Error(`relationship ${relationship} has no TLS files`)
    return tls
  }

  #link(relationship: string): PartnerLink {
    const link = this.#links.get(relationship)
    if (link === undefined) throw new Error(`there is no partner link for relationship ${relationship}`)
    return link
  }
}

function linkTls({ relationship, tls }: PartnerLink): readonly (readonly [string, LinkTls])[] {
  return tls === undefined ? [] : [[relationship, { material: new TlsMaterialInForce(tls), partner: undefined }]]
}
