/** Every check of CONNECT and CONNECTREPLY, and TLS in both modes (RFC 8156 sections 6.1 to 6.1.3, RFC 7653 section 9.1). */
import {
  findOption,
  keepaliveTimeOption,
  maxUnackedBndupdOption,
  mcltOption,
  MessageType,
  option,
  protocolVersionOption,
  connectFlagsOption,
  relationshipNameOption,
  serverFlagsOption,
  serverStateOption,
  StatusCode,
  statusCodeOption,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'
import { HANDSHAKE_SECONDS_MAX } from './partner-connection.ts'

const without = (options: Options, code: number): Options => options.filter((instance) => instance.code !== code)
const replaced = (options: Options, by: OptionInstance): Options => [...without(options, by.code), by]
const mustCarry = [
  protocolVersionOption,
  mcltOption,
  keepaliveTimeOption,
  maxUnackedBndupdOption,
  connectFlagsOption,
] as const

describe('a secondary', () => {
  it('answers a good CONNECT with what it must, the MCLT of the primary among it, and then STATE', () => {
    const partner = new ScriptedPartner('secondary', { mcltSeconds: 60 })
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ mcltSeconds: 777 }), { xid: 42 })
    expect(partner.seen).toEqual(['CONNECTREPLY', 'STATE'])
    const reply = partner.lastOfType(MessageType.Connectreply)
    expect(reply.transactionId).toBe(42)
    expect(findOption(reply.options, mcltOption)).toBe(777)
    expect(findOption(reply.options, statusCodeOption)).toBeUndefined()
    for (const definition of mustCarry) {
      expect(reply.options.some((instance) => instance.code === definition.code)).toBe(true)
    }
    expect(partner.endpoint?.mcltSeconds).toBe(777)
  })

  it('says STARTUP by the flag and the recorded state as the state', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions())
    const { options } = partner.lastOfType(MessageType.State)
    expect(findOption(options, serverStateOption)).toBe(6)
    expect(findOption(options, serverFlagsOption)).toEqual({ startup: true, ackStartup: false, communicated: false })
  })

  it('drops a peer without a relationship unread', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open('fd00::99')
    expect(partner.seen).toEqual(['CLOSE'])
    expect(partner.notices).toContainEqual(
      expect.objectContaining({ kind: 'connection-changed', change: 'rejected-peer' }),
    )
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen).toEqual(['CLOSE'])
  })

  it.each([
    { skewSeconds: 6, refused: true },
    { skewSeconds: -6, refused: true },
    { skewSeconds: 5, refused: false },
    { skewSeconds: -5, refused: false },
  ])('refuses a skew of $skewSeconds s: $refused', ({ skewSeconds, refused }) => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions(), { skewSeconds })
    expect(partner.seen).toEqual(refused ? ['CONNECTREPLY', 'CLOSE'] : ['CONNECTREPLY', 'STATE'])
    if (refused) expect(partner.lastStatus()).toBe(StatusCode.ExcessiveTimeSkew)
  })

  it('refuses a version that it does not know', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    const version = option(protocolVersionOption, { major: 2, minor: 0 })
    partner.send(MessageType.Connect, replaced(partner.connectOptions(), version))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.NotSupported)
  })

  it('takes another minor version', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    const version = option(protocolVersionOption, { major: 1, minor: 7 })
    partner.send(MessageType.Connect, replaced(partner.connectOptions(), version))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'STATE'])
  })

  it('refuses a relationship that it does not know', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ name: 'another' }))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.ConfigurationConflict)
  })

  it('takes a CONNECT without a name for the only relationship', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, without(partner.connectOptions(), relationshipNameOption.code))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'STATE'])
  })

  it.each(mustCarry.map(({ code, name }) => ({ code, name })))('refuses a CONNECT without $name', ({ code }) => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, without(partner.connectOptions(), code))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.UnspecFail)
  })

  it('refuses mixed prefix lengths where it counts on one', () => {
    const partner = new ScriptedPartner('secondary', { fixedPrefixLength: true })
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ fixedPrefixLength: false }))
    expect(partner.lastStatus()).toBe(StatusCode.NotSupported)
  })

  it('closes a connection that never sends CONNECT', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.wait(HANDSHAKE_SECONDS_MAX - 1)
    expect(partner.seen).toEqual([])
    partner.wait(1)
    expect(partner.seen).toEqual(['CLOSE'])
  })

  it('closes a connection that begins with anything but STARTTLS or CONNECT', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.sendState('NORMAL')
    expect(partner.seen).toEqual(['CLOSE'])
  })

  it('closes a connection that begins with rubbish', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.sendBytes(Uint8Array.of(255, 1, 2, 3))
    expect(partner.seen).toEqual(['CLOSE'])
    expect(partner.notices.map(({ kind }) => kind)).toContain('frame-malformed')
  })

  it('keeps few connections of one peer that say nothing', () => {
    const partner = new ScriptedPartner('secondary')
    for (let count = 0; count < 6; count += 1) partner.open()
    expect(partner.seen).toEqual(['CLOSE', 'CLOSE'])
  })

  it('lets a new connection replace the old one once its CONNECT is in order', () => {
    const partner = new ScriptedPartner('secondary')
    partner.agree()
    expect(partner.view().communicationsOk).toBe(true)
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ name: 'another' }))
    expect(partner.view().communicationsOk).toBe(true)
    partner.open()
    partner.seen.length = 0
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen).toEqual(['CLOSE', 'CONNECTREPLY', 'STATE'])
    expect(partner.view().communicationsOk).toBe(false)
    partner.sendState('NORMAL')
    expect(partner.view().communicationsOk).toBe(true)
  })
})

describe('a secondary with TLS', () => {
  it('agrees to STARTTLS without a status and becomes the server of TLS', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    partner.sendPlain(MessageType.StartTls, 7)
    expect(partner.seen).toEqual(['REPLY', 'SECURE as server'])
    expect(partner.lastMessage()).toMatchObject({ transactionId: 7, options: [] })
    partner.handle({ kind: 'stream-secured', connection: partner.connection, peerCertificate: 'CN=alpha' })
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen.slice(2)).toEqual(['CONNECTREPLY', 'STATE'])
  })

  it('closes when CONNECT comes without TLS', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen).toEqual(['CLOSE'])
  })

  it('tells why a handshake failed that the partner began', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    partner.sendPlain(MessageType.StartTls, 7)
    partner.handle({ kind: 'stream-closed', connection: partner.connection, reason: 'certificate has expired' })
    const lastProblem = 'The connection was not secured: certificate has expired.'
    expect(partner.view().connection).toMatchObject({ phase: 'listening', lastProblem })
    expect(partner.notices.at(-1)).toMatchObject({ kind: 'connection-changed', change: 'refused', detail: lastProblem })
  })

  it('says nothing of a peer that goes away before it has said anything', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    partner.handle({
      kind: 'stream-closed',
      connection: partner.connection,
      reason: 'the partner closed the connection',
    })
    expect(partner.view().connection.lastProblem).toBeUndefined()
  })

  it('closes when CONNECT overtakes the handshake', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    partner.sendPlain(MessageType.StartTls, 7)
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen.at(-1)).toBe('CLOSE')
  })

  it('refuses STARTTLS where TLS is not configured', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'insecure' })
    partner.open()
    partner.sendPlain(MessageType.StartTls, 7)
    expect(partner.seen).toEqual(['REPLY'])
    expect(partner.lastStatus()).toBe(StatusCode.TlsConnectionRefused)
  })
})

describe('a primary', () => {
  it('dials at once, again after the interval, and less often after a refusal', () => {
    const partner = new ScriptedPartner('primary', { reconnectSeconds: 2, reconnectAfterRefusalSeconds: 10 })
    expect(partner.seen).toEqual(['DIAL'])
    partner.handle({ kind: 'dial-failed', relationship: 'pair', reason: 'refused' })
    partner.wait(1)
    expect(partner.seen).toEqual(['DIAL'])
    partner.wait(1)
    expect(partner.seen).toEqual(['DIAL', 'DIAL'])
    partner.open()
    const status = option(statusCodeOption, { code: StatusCode.ExcessiveTimeSkew, message: 'too far off' })
    partner.send(MessageType.Connectreply, [status], { xid: partner.lastMessage().transactionId })
    expect(partner.seen.slice(2)).toEqual(['CONNECT', 'CLOSE'])
    expect(partner.view().connection.lastProblem).toContain('ExcessiveTimeSkew too far off')
    partner.wait(9)
    expect(partner.seen).toHaveLength(4)
    partner.wait(1)
    expect(partner.seen.at(-1)).toBe('DIAL')
  })

  it('sends CONNECT with what it must, and STATE after an accepting reply', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    const connect = partner.lastOfType(MessageType.Connect)
    for (const definition of [...mustCarry, relationshipNameOption]) {
      expect(connect.options.some((instance) => instance.code === definition.code)).toBe(true)
    }
    partner.send(MessageType.Connectreply, partner.connectReplyOptions(), { xid: connect.transactionId })
    expect(partner.seen).toEqual(['DIAL', 'CONNECT', 'STATE'])
    expect(partner.view()).toMatchObject({ communicationsOk: false, partnerInformed: true })
    partner.sendState('NORMAL', { startup: true })
    expect(partner.view().communicationsOk).toBe(true)
  })

  it('disconnects when the MCLT comes back changed', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    const { transactionId } = partner.lastMessage()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions({ mcltSeconds: 61 }), { xid: transactionId })
    expect(partner.seen.slice(2)).toEqual(['DISCONNECT', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.ConfigurationConflict)
  })

  it('disconnects on a version that it does not know', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    const { transactionId } = partner.lastMessage()
    const version = option(protocolVersionOption, { major: 9, minor: 0 })
    partner.send(MessageType.Connectreply, replaced(partner.connectReplyOptions(), version), { xid: transactionId })
    expect(partner.seen.slice(2)).toEqual(['DISCONNECT', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.NotSupported)
  })

  it('closes on a reply to another CONNECT', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions(), { xid: 9999 })
    expect(partner.seen.at(-1)).toBe('CLOSE')
  })

  it('drops the connection when a message is more than five seconds off', () => {
    const partner = new ScriptedPartner('primary')
    partner.agree()
    partner.seen.length = 0
    partner.send(MessageType.Contact, [], { skewSeconds: 6 })
    expect(partner.seen).toEqual(['DISCONNECT', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.ExcessiveTimeSkew)
    expect(partner.notices.at(-1)?.kind).not.toBe('lease-changed')
    expect(partner.notices.map(({ kind }) => kind)).toContain('clock-skew-seen')
  })

  it('begins with STARTTLS where TLS is configured, and sends CONNECT only when it stands', () => {
    const partner = new ScriptedPartner('primary', { transport: 'tls' })
    partner.open()
    expect(partner.seen).toEqual(['DIAL', 'STARTTLS'])
    expect(partner.lastMessage().options).toEqual([])
    partner.sendPlain(MessageType.Reply, partner.lastMessage().transactionId)
    expect(partner.seen.at(-1)).toBe('SECURE as client')
    partner.handle({ kind: 'stream-secured', connection: partner.connection, peerCertificate: 'CN=beta' })
    expect(partner.seen.at(-1)).toBe('CONNECT')
  })

  it('closes and tries less often when TLS is refused', () => {
    const partner = new ScriptedPartner('primary', { transport: 'tls', reconnectAfterRefusalSeconds: 10 })
    partner.open()
    const status = option(statusCodeOption, { code: StatusCode.TlsConnectionRefused, message: '' })
    partner.sendPlain(MessageType.Reply, partner.lastMessage().transactionId, [status])
    expect(partner.seen.at(-1)).toBe('CLOSE')
    partner.wait(9)
    expect(partner.seen.at(-1)).toBe('CLOSE')
    partner.wait(1)
    expect(partner.seen.at(-1)).toBe('DIAL')
  })

  it('closes when nobody answers STARTTLS', () => {
    const partner = new ScriptedPartner('primary', { transport: 'tls' })
    partner.open()
    partner.wait(HANDSHAKE_SECONDS_MAX)
    expect(partner.seen).toContain('CLOSE')
  })

  it('goes on after the failed TLS handshake that the adapter reports', () => {
    const partner = new ScriptedPartner('primary', { transport: 'tls', reconnectSeconds: 2 })
    partner.open()
    partner.sendPlain(MessageType.Reply, partner.lastMessage().transactionId)
    partner.handle({ kind: 'stream-closed', connection: partner.connection, reason: 'certificate not accepted' })
    partner.wait(2)
    expect(partner.seen.at(-1)).toBe('DIAL')
    expect(partner.view().connection.lastProblem).toBe('The connection ended: certificate not accepted.')
  })

  it('says what may be amiss where the partner goes away instead of answering CONNECT', () => {
    const closed = (partner: ScriptedPartner): string | undefined => {
      const reason = 'the partner closed the connection'
      partner.handle({ kind: 'stream-closed', connection: partner.connection, reason })
      return partner.view().connection.lastProblem
    }
    const plain = new ScriptedPartner('primary', { transport: 'insecure' })
    plain.open()
    expect(closed(plain)).toBe(
      'The connection ended before CONNECT was answered: the partner closed the connection. ' +
        'The partner may demand TLS, which is not configured here.',
    )
    const secure = new ScriptedPartner('primary', { transport: 'tls' })
    secure.open()
    secure.sendPlain(MessageType.Reply, secure.lastMessage().transactionId)
    secure.handle({ kind: 'stream-secured', connection: secure.connection, peerCertificate: 'CN=beta' })
    expect(closed(secure)).toBe(
      'The connection ended before CONNECT was answered: the partner closed the connection. ' +
        'The partner may not accept the certificate of this server; its log says why.',
    )
  })
})
