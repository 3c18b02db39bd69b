/** STATE, CONTACT, silence, DISCONNECT and unreadable frames on an agreed connection (RFC 8156 sections 6.3 to 6.6). */
import {
  clientDataOption,
  clientIdOption,
  duidFromHex,
  findOption,
  iaAddressOption,
  iaNaOption,
  lqBaseTimeOption,
  MessageType,
  option,
  serverFlagsOption,
  serverStateOption,
  StatusCode,
  statusCodeOption,
  toDhcpTime,
  type Ipv6Address,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address } from '../../../test-support/failover-pair.ts'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'
import { recordedStates } from '../endpoint-record.ts'

function agreed(changes?: ConstructorParameters<typeof ScriptedPartner>[1]): ScriptedPartner {
  const partner = new ScriptedPartner('primary', changes)
  partner.agree('RECOVER')
  partner.seen.length = 0
  return partner
}

describe('STATE', () => {
  it('tells in ACK_STARTUP whether the partner was in STARTUP when last heard', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions(), {
      xid: partner.lastMessage().transactionId,
    })
    partner.sendState('RECOVER', { startup: true, communicated: false })
    const { options } = partner.lastOfType(MessageType.State)
    expect(findOption(options, serverFlagsOption)).toEqual({ startup: false, ackStartup: true, communicated: true })
    partner.sendState('POTENTIAL-CONFLICT')
    const later = partner.lastOfType(MessageType.State).options
    expect(findOption(later, serverFlagsOption)).toEqual({ startup: false, ackStartup: false, communicated: true })
  })

  it('of a partner that leaves PARTNER-DOWN ends what was known of its being alone', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions())
    partner.sendState('PARTNER-DOWN')
    expect(partner.endpoint?.partner?.partnerDownSince).toBe(Math.floor(partner.now / 1000) * 1000)
    // Even where it still says the time, which belongs to PARTNER-DOWN alone.
    partner.sendState('NORMAL', { partnerDownTime: true })
    expect(partner.endpoint?.partner).toMatchObject({ state: 'NORMAL', partnerDownSince: undefined })
  })

  it('with the STARTUP flag moves nothing', () => {
    const partner = new ScriptedPartner('primary', { initialState: 'partner-down' })
    partner.handle({ kind: 'dial-failed', relationship: 'pair', reason: 'refused' })
    partner.wait(6)
    expect(partner.view().state).toBe('PARTNER-DOWN')
    partner.open()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions(), {
      xid: partner.lastMessage().transactionId,
    })
    for (const state of recordedStates) {
      partner.sendState(state, { startup: true })
      expect(partner.view(), state).toMatchObject({ state: 'PARTNER-DOWN', communicationsOk: true })
    }
    partner.sendState('RECOVER-DONE')
    expect(partner.view().state).toBe('NORMAL')
  })

  it('said twice changes nothing', () => {
    const partner = agreed()
    partner.sendState('RECOVER')
    const before = partner.view()
    partner.seen.length = 0
    partner.sendState('RECOVER')
    expect(partner.seen).toEqual([])
    expect(partner.view()).toEqual(before)
  })

  it('without what it must carry ends the connection', () => {
    const partner = agreed()
    partner.send(MessageType.State, [option(serverStateOption, 2)])
    expect(partner.seen).toEqual(['DISCONNECT', 'CLOSE'])
  })

  it('that says STARTUP as a state ends the connection', () => {
    const partner = agreed()
    const good = partner.messages.findLast(({ type }) => type === MessageType.State)?.options ?? []
    partner.send(
      MessageType.State,
      good.map((instance) => (instance.code === serverStateOption.code ? option(serverStateOption, 1) : instance)),
    )
    expect(partner.seen).toEqual(['DISCONNECT', 'CLOSE'])
  })

  it('of the partner is stored in the step that hears it', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions())
    partner.sendState('RECOVER')
    expect(partner.endpoint).toMatchObject({ communicated: true, partner: { state: 'RECOVER', communicated: true } })
  })
})

describe('the timers of a connection', () => {
  it('send CONTACT as often as the partner wants, counted from the last message', () => {
    const partner = new ScriptedPartner('primary', { keepaliveSeconds: 60, startupSeconds: 90 })
    partner.open()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions({ keepaliveSeconds: 20 }), {
      xid: partner.lastMessage().transactionId,
    })
    partner.seen.length = 0
    partner.wait(4)
    expect(partner.seen).toEqual([])
    partner.wait(1)
    expect(partner.seen).toEqual(['CONTACT'])
    partner.wait(5)
    expect(partner.seen).toEqual(['CONTACT', 'CONTACT'])
  })

  it.each([
    { says: 0, contacts: 60 },
    { says: 2, contacts: 60 },
    { says: 0xffff_ffff, contacts: 0 },
  ])('go on with a partner whose keepalive is $says seconds: $contacts CONTACTs a minute', ({ says, contacts }) => {
    const partner = new ScriptedPartner('primary', { keepaliveSeconds: 90, upddoneStallSeconds: 600 })
    partner.open()
    partner.send(MessageType.Connectreply, partner.connectReplyOptions({ keepaliveSeconds: says }), {
      xid: partner.lastMessage().transactionId,
    })
    partner.sendState('RECOVER')
    partner.seen.length = 0
    partner.wait(60)
    expect(partner.seen.filter((type) => type === 'CONTACT')).toHaveLength(contacts)
    expect(partner.view().communicationsOk).toBe(true)
    partner.wait(30)
    expect(partner.seen).toContain('CLOSE')
  })

  it('take the connection for dead after the own keepalive without a message', () => {
    const partner = agreed({ keepaliveSeconds: 8 })
    partner.wait(5)
    partner.send(MessageType.Contact)
    partner.wait(7)
    expect(partner.seen).not.toContain('CLOSE')
    partner.wait(1)
    expect(partner.seen).toContain('CLOSE')
    expect(partner.view().connection.lastProblem).toContain('8 seconds')
  })

  it('count silence from the arrival of what agreed on them, however late it is handled', () => {
    const primary = new ScriptedPartner('primary', { keepaliveSeconds: 8 })
    primary.open()
    const { transactionId: xid } = primary.lastMessage()
    primary.wait(3)
    primary.send(MessageType.Connectreply, primary.connectReplyOptions(), { xid, waitedSeconds: 2 })
    // Its opening waited as long as its CONNECT.
    const secondary = new ScriptedPartner('secondary', { keepaliveSeconds: 8 })
    secondary.wait(3)
    secondary.open()
    secondary.send(MessageType.Connect, secondary.connectOptions(), { waitedSeconds: 2 })
    for (const partner of [primary, secondary]) {
      expect(partner.lastMessage().type).toBe(MessageType.State)
      partner.wait(5)
      expect(partner.seen).not.toContain('CLOSE')
      partner.wait(1)
      expect(partner.seen).toContain('CLOSE')
      expect(partner.view().connection.lastProblem).toContain('8 seconds')
    }
  })

  it('are reset by any message, even one that cannot be read', () => {
    const partner = agreed({ keepaliveSeconds: 8 })
    partner.wait(5)
    partner.sendBytes(Uint8Array.of(MessageType.Bndupd, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0))
    partner.wait(7)
    expect(partner.seen).not.toContain('CLOSE')
  })
})

describe('DISCONNECT', () => {
  it('is not answered, ends contact and is told with its reason', () => {
    const partner = agreed()
    const status = option(statusCodeOption, { code: StatusCode.ServerShuttingDown, message: 'maintenance' })
    partner.send(MessageType.Disconnect, [status])
    expect(partner.seen).toEqual(['CLOSE'])
    expect(partner.view()).toMatchObject({ communicationsOk: false })
    expect(partner.view().connection.lastProblem).toContain('(ServerShuttingDown): maintenance')
  })
})

describe('an unreadable frame', () => {
  it('is counted, and the connection goes on', () => {
    const partner = agreed()
    partner.sendBytes(Uint8Array.of(MessageType.Bndupd, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0))
    partner.sendBytes(Uint8Array.of(250))
    partner.sendBytes(new Uint8Array())
    expect(partner.notices.filter(({ kind }) => kind === 'frame-malformed')).toHaveLength(3)
    expect(partner.view().communicationsOk).toBe(true)
  })

  it('that would have been a STATE ends it, since a missed one wedges the protocol', () => {
    const partner = agreed()
    partner.sendBytes(Uint8Array.of(MessageType.State, 0, 0, 1, 0, 0, 0, 0, 0, 132, 0))
    expect(partner.seen).toEqual(['DISCONNECT', 'CLOSE'])
  })
})

describe('a message out of turn', () => {
  it('ends the connection', () => {
    for (const type of [MessageType.Connect, MessageType.Connectreply] as const) {
      const partner = agreed()
      partner.send(type, partner.connectOptions())
      expect(partner.seen).toEqual(['DISCONNECT', 'CLOSE'])
    }
  })

  it('that is no failover message ends it too', () => {
    const partner = agreed()
    partner.sendPlain(MessageType.StartTls, 5)
    expect(partner.seen).toEqual(['CLOSE'])
  })
})

describe('a message of ours that would not fit a frame', () => {
  it('ends the connection and not the server', () => {
    const partner = agreed()
    partner.sendState('NORMAL')
    const bare = Array.from({ length: 2300 }, (_, number) =>
      option(iaAddressOption, {
        address: (address('2001:db8:1::1000') + BigInt(number)) as Ipv6Address,
        preferredLifetime: 0,
        validLifetime: 0,
        options: [],
      }),
    )
    partner.send(MessageType.Bndupd, [
      option(clientDataOption, [
        option(clientIdOption, duidFromHex('00030001020000000009')),
        option(lqBaseTimeOption, toDhcpTime(partner.now)),
        option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: bare }),
      ]),
    ])
    expect(partner.seen.slice(-2)).toEqual(['DISCONNECT', 'CLOSE'])
    expect(partner.view().communicationsOk).toBe(false)
    partner.wait(11)
    expect(partner.seen.at(-1)).toBe('DIAL')
  })
})
