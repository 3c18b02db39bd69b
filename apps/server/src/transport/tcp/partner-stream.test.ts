/** Failover connections over real sockets: frames, sent-time, TLS with both sides checked, and peers that are refused. */
import { createServer, type Socket } from 'node:net'
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort, NOW_MS, PartnerSides, plainClient, STARTTLS, stateFrame } from '../test-support/partner-sides.ts'

const sides = new PartnerSides()
const { connectedPair, secured, tlsFiles } = sides

beforeAll(() => sides.makeFiles())

afterAll(() => sides.removeFiles())

afterEach(async () => sides.stop())

describe('frames', () => {
  test('both sides hear of the connection, each with its own view of it', async () => {
    const { dialled, accepted } = await connectedPair()
    expect(dialled).toMatchObject({ direction: 'dialled', peerAddress: '::1', relationship: 'r' })
    expect(accepted).toMatchObject({ direction: 'accepted', peerAddress: '::1', relationship: undefined })
  })

  test('a frame arrives whole, with sent-time filled in at sending and the instant of its arrival', async () => {
    const { alpha, beta, dialled } = await connectedPair()
    alpha.connections.sendFrame({ kind: 'send-frame', connection: dialled.connection, bytes: stateFrame() })
    const frame = await beta.heard('frame-received')
    expect(frame.arrivedAt).toBe(NOW_MS)
    expect([...frame.bytes]).toEqual([MessageType.State, 1, 2, 3, ...octetsOf(toDhcpTime(NOW_MS))])
  })

  test('frames cut anywhere by the network arrive as they were sent', async () => {
    const { beta, port } = await connectedPair()
    const socket = await plainClient(port)
    const octets = new Uint8Array([...stateFrame(), ...stateFrame()])
    for (const octet of octets) {
      socket.write(new Uint8Array([octet]))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    for (let n = 0; n < 2; n += 1) expect((await beta.heard('frame-received')).bytes).toHaveLength(8)
    socket.destroy()
  })

  test('closing at the engine request lets what was sent before leave, and is not reported to that engine', async () => {
    const { alpha, beta, dialled } = await connectedPair()
    for (let n = 0; n < 100; n += 1) {
      alpha.connections.sendFrame({ kind: 'send-frame', connection: dialled.connection, bytes: stateFrame() })
    }
    alpha.connections.closeStream({ kind: 'close-stream', connection: dialled.connection, reason: 'test' })
    await beta.heard('stream-closed')
    expect(beta.events.filter((event) => event.kind === 'frame-received')).toHaveLength(100)
    expect(alpha.events).toEqual([])
  })

  test('a stream that cannot be followed is closed with the reason', async () => {
    const { beta, port } = await connectedPair()
    const socket = await plainClient(port)
    socket.write(new Uint8Array([0, 1, 9]))
    expect((await beta.heard('stream-closed')).reason).toContain('cannot be followed')
    socket.destroy()
  })

  test('a partner that is not there is a failed dial, with the reason', async () => {
    const alpha = sides.side({ partnerPort: await freePort() })
    alpha.connections.dial({ kind: 'dial-stream', relationship: 'r' })
    expect((await alpha.heard('dial-failed')).reason).toContain('ECONNREFUSED')
  })
})

describe('who may connect', () => {
  test('a peer that is no configured partner is dropped before anything is read', async () => {
    const port = await freePort()
    const beta = sides.side({ role: 'secondary', localPort: port, partnerAddress: '2001:db8::1' })
    await beta.connections.listen()
    const socket = await plainClient(port)
    socket.write(stateFrame())
    await new Promise((resolve) => socket.once('close', resolve))
    expect(beta.rejected).toEqual(['::1: it is no configured partner'])
    expect(beta.events).toEqual([])
  })

  test('a partner gets no more than eight connections at a time', async () => {
    const { beta, port } = await connectedPair()
    const sockets: Socket[] = []
    for (let n = 0; n < 7; n += 1) sockets.push(await plainClient(port))
    const ninth = await plainClient(port)
    await new Promise((resolve) => ninth.once('close', resolve))
    expect(beta.rejected).toEqual(['::1: it has 8 connections open already'])
    for (const socket of sockets) socket.destroy()
  })

  test('a port that is taken is one sentence that names the listener', async () => {
    const port = await freePort()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '::1', resolve))
    const beta = sides.side({ role: 'secondary', localPort: port })
    await expect(beta.connections.listen()).rejects.toThrow(
      `Cannot listen on tcp [::1]:${port}: another program listens there already.`,
    )
    await new Promise((resolve) => server.close(resolve))
  })

  test('a TLS file that cannot be read is known when listening begins', async () => {
    const alpha = sides.side({ tls: { ...tlsFiles('alpha', 'beta'), keyFile: '/nowhere/alpha.key' } })
    await expect(alpha.connections.listen()).rejects.toThrow('The TLS key file /nowhere/alpha.key cannot be read')
  })
})

describe('TLS after STARTTLS', () => {
  test('both sides learn whose certificate it is, and frames go on both ways', async () => {
    const { alpha, beta, dialled, accepted } = await secured()
    expect((await alpha.heard('stream-secured')).peerCertificate).toMatch(/^beta \(SHA-256 /)
    expect((await beta.heard('stream-secured')).peerCertificate).toMatch(/^alpha \(SHA-256 /)
    alpha.connections.sendFrame({ kind: 'send-frame', connection: dialled.connection, bytes: stateFrame() })
    expect((await beta.heard('frame-received')).bytes[0]).toBe(MessageType.State)
    beta.connections.sendFrame({ kind: 'send-frame', connection: accepted.connection, bytes: stateFrame() })
    expect((await alpha.heard('frame-received')).bytes[0]).toBe(MessageType.State)
  })

  test('a server certificate with a name that is not accepted ends the connection', async () => {
    const { alpha, beta } = await secured({}, { tls: tlsFiles('gamma', 'alpha') })
    expect((await alpha.heard('stream-closed')).reason).toContain("partner's certificate is for gamma")
    expect((await beta.heard('stream-closed')).reason).toMatch(/^TLS: .*it may not accept our certificate/)
    expect([...alpha.events, ...beta.events].map((event) => event.kind)).not.toContain('frame-received')
  })

  test('a client certificate with a name that is not accepted ends the connection', async () => {
    const { beta } = await secured({ tls: tlsFiles('gamma', 'beta') })
    expect((await beta.heard('stream-closed')).reason).toContain("partner's certificate is for gamma")
    expect(beta.events.map((event) => event.kind)).not.toContain('stream-secured')
  })

  test('a certificate of another authority ends the connection on the server', async () => {
    const ours = tlsFiles('alpha', 'beta')
    const { beta } = await secured({
      tls: { ...tlsFiles('alpha', 'beta', 'theirs'), authorityFile: ours.authorityFile },
    })
    const reason = "TLS: the partner's certificate is not of the authority that is configured here"
    expect((await beta.heard('stream-closed')).reason).toContain(reason)
    expect(beta.events.map((event) => event.kind)).not.toContain('stream-secured')
  })

  test('a server of another authority is refused by the client', async () => {
    const ours = tlsFiles('beta', 'alpha')
    const { alpha } = await secured(
      {},
      { tls: { ...tlsFiles('beta', 'alpha', 'theirs'), authorityFile: ours.authorityFile } },
    )
    const reason = "TLS: the partner's certificate is not of the authority that is configured here"
    expect((await alpha.heard('stream-closed')).reason).toContain(reason)
    expect(alpha.events.map((event) => event.kind)).not.toContain('stream-secured')
  })

  test('a frame in plain text behind STARTTLS, in the same segment or later, ends the connection', async () => {
    const { beta, port } = await connectedPair()
    const together = await plainClient(port)
    together.write(new Uint8Array([...STARTTLS, ...stateFrame()]))
    expect((await beta.heard('stream-closed')).reason).toContain('in plain text')
    const later = await plainClient(port)
    later.write(STARTTLS)
    await new Promise((resolve) => setTimeout(resolve, 20))
    later.write(stateFrame())
    expect((await beta.heard('stream-closed')).reason).toContain('in plain text')
    const types = beta.events.flatMap((event) => (event.kind === 'frame-received' ? [event.bytes[0]] : []))
    expect(types).toEqual([MessageType.StartTls, MessageType.StartTls])
    for (const socket of [together, later]) socket.destroy()
  })

  test('a partner that talks something else instead of TLS is closed with the reason', async () => {
    const { beta, port } = await connectedPair()
    const socket = await plainClient(port)
    const { connection } = await beta.heard('stream-opened')
    socket.write(STARTTLS)
    await beta.heard('frame-received')
    beta.connections.secure({ kind: 'secure-stream', connection, as: 'server', relationship: 'r' })
    socket.write(stateFrame())
    expect((await beta.heard('stream-closed')).reason).toContain('TLS')
    socket.destroy()
  })
})

function octetsOf(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
