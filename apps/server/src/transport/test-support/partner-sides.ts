/** For tests: both ends of failover connections over real sockets, with certificates of two authorities. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, type EngineEvent } from '@tandem/engine'
import { dhcpTimeFromNumber, encodeStreamMessage, MessageType } from '@tandem/protocol'
import { makeCertificates } from '../../certificates/make-certificates.ts'
import type { PartnerLink, TlsFiles } from '../../configuration/server-configuration.ts'
import { PartnerConnections } from '../tcp/partner-connections.ts'

export const NOW_MS = 1_795_232_749_907
export const STARTTLS = new Uint8Array([0, 4, MessageType.StartTls, 0, 0, 1])

const clock = { now: () => instant(NOW_MS) }

export class PartnerSides {
  folder = ''
  readonly #opened: Side[] = []

  /** `ours` has certificates for alpha, beta and gamma, `theirs` is another authority. */
  async makeFiles(): Promise<string> {
    this.folder = mkdtempSync(join(tmpdir(), 'tandem-transport-'))
    const nowMs = Date.now()
    await makeCertificates({ folder: join(this.folder, 'ours'), names: ['alpha', 'beta', 'gamma'], nowMs })
    await makeCertificates({ folder: join(this.folder, 'theirs'), names: ['alpha', 'beta'], nowMs })
    return this.folder
  }

  removeFiles(): void {
    rmSync(this.folder, { recursive: true })
  }

  async stop(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((side) => side.stop()))
  }

  side(link: Partial<PartnerLink>): Side {
    const side = new Side({ tls: this.tlsFiles('alpha', 'beta'), ...link })
    this.#opened.push(side)
    return side
  }

  readonly tlsFiles = (name: string, accepted: string, authority = 'ours'): TlsFiles => ({
    certificateFile: join(this.folder, authority, `${name}.pem`),
    keyFile: join(this.folder, authority, `${name}.key`),
    authorityFile: join(this.folder, authority, 'authority.pem'),
    acceptedNames: [accepted],
    minimumVersion: 'TLSv1.3',
  })

  readonly connectedPair = async (primary: Partial<PartnerLink> = {}, secondary: Partial<PartnerLink> = {}) => {
    const port = await freePort()
    const beta = this.side({ role: 'secondary', localPort: port, tls: this.tlsFiles('beta', 'alpha'), ...secondary })
    await beta.connections.listen()
    const alpha = this.side({ partnerPort: port, ...primary })
    return { port, ...(await dialled(alpha, beta)) }
  }

  /** Up to the point where both ends begin their handshake. */
  readonly secured = async (primary: Partial<PartnerLink> = {}, secondary: Partial<PartnerLink> = {}) => {
    const pair = await this.connectedPair(primary, secondary)
    await startTls(pair)
    return pair
  }

  /** One more connection of the same two. */
  readonly securedAgain = async (alpha: Side, beta: Side) => {
    const pair = await dialled(alpha, beta)
    await startTls(pair)
    return pair
  }
}

type Connected = Awaited<ReturnType<typeof dialled>>

async function dialled(alpha: Side, beta: Side) {
  alpha.connections.dial({ kind: 'dial-stream', relationship: 'r' })
  return { alpha, beta, dialled: await alpha.heard('stream-opened'), accepted: await beta.heard('stream-opened') }
}

async function startTls({ alpha, beta, dialled: opened, accepted }: Connected): Promise<void> {
  alpha.connections.sendFrame({ kind: 'send-frame', connection: opened.connection, bytes: STARTTLS.slice() })
  await beta.heard('frame-received')
  beta.connections.sendFrame({
    kind: 'send-frame',
    connection: accepted.connection,
    bytes: new Uint8Array([0, 4, MessageType.Reply, 0, 0, 1]),
  })
  beta.connections.secure({ kind: 'secure-stream', connection: accepted.connection, as: 'server', relationship: 'r' })
  await alpha.heard('frame-received')
  alpha.connections.secure({ kind: 'secure-stream', connection: opened.connection, as: 'client', relationship: 'r' })
}

/** One end with what its engine would have heard. */
export class Side {
  readonly events: EngineEvent[] = []
  readonly rejected: string[] = []
  readonly connections: PartnerConnections

  constructor(link: Partial<PartnerLink>) {
    this.connections = new PartnerConnections(
      [
        {
          relationship: 'r',
          role: 'primary',
          localAddress: '::1',
          localPort: 0,
          partnerAddress: '::1',
          partnerPort: 0,
          transport: 'tls',
          tls: undefined,
          channel: undefined,
          partnerConsoleUrl: undefined,
          ...link,
        },
      ],
      clock,
      {
        push: (event) => this.events.push(event),
        opened: () => undefined,
        ended: () => undefined,
        frameSent: () => undefined,
        rejected: (address, reason) => this.rejected.push(`${address}: ${reason}`),
      },
    )
  }

  async stop(): Promise<void> {
    this.connections.dropAll()
    await this.connections.close()
  }

  async heard<Kind extends EngineEvent['kind']>(kind: Kind): Promise<Extract<EngineEvent, { kind: Kind }>> {
    for (let turn = 0; turn < 500; turn += 1) {
      const index = this.events.findIndex((event) => event.kind === kind)
      const [event] = index < 0 ? [] : this.events.splice(index, 1)
      if (event !== undefined && isOf(event, kind)) return event
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`${kind} was not heard; heard were ${JSON.stringify(this.events)}`)
  }
}

function isOf<Kind extends EngineEvent['kind']>(
  event: EngineEvent,
  kind: Kind,
): event is Extract<EngineEvent, { kind: Kind }> {
  return event.kind === kind
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (!isAddressInfo(address)) throw new Error('no port')
  return address.port
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

export function stateFrame(): Uint8Array {
  return encodeStreamMessage({
    kind: 'failover',
    type: MessageType.State,
    transactionId: 0x010203,
    sentTime: dhcpTimeFromNumber(0),
    options: [],
  })
}

export async function plainClient(port: number): Promise<Socket> {
  const socket = connect({ host: '::1', port })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}
