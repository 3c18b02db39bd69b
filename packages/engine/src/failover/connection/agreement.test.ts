/** What both must be able to agree on in CONNECT and CONNECTREPLY, and what is said before STATE (RFC 8156 sections 1, 6.1, 6.5, 10). */
import {
  authOption,
  connectFlagsOption,
  findOption,
  maxUnackedBndupdOption,
  MessageType,
  option,
  protocolVersionOption,
  serverFlagsOption,
  StatusCode,
  statusCodeOption,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../../test-support/failover-pair.ts'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'

const replaced = (options: Options, by: OptionInstance): Options => [
  ...options.filter((instance) => instance.code !== by.code),
  by,
]

/** A primary that has sent CONNECT gets this answer to it. */
function answered(options: (partner: ScriptedPartner) => Options): ScriptedPartner {
  const partner = new ScriptedPartner('primary')
  partner.open()
  partner.send(MessageType.Connectreply, options(partner), { xid: partner.lastMessage().transactionId })
  return partner
}

describe('a primary', () => {
  it('drops a partner that mixes prefix lengths where it counts on one', () => {
    const flags = option(connectFlagsOption, { fixedPdLength: false })
    const partner = answered((from) => replaced(from.connectReplyOptions(), flags))
    expect(partner.seen.slice(2)).toEqual(['DISCONNECT', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.NotSupported)
    expect(partner.view().connection.lastProblem).toContain('mixed lengths')
  })

  it('works with a partner that speaks another minor version', () => {
    const version = option(protocolVersionOption, { major: 1, minor: 7 })
    const partner = answered((from) => replaced(from.connectReplyOptions(), version))
    expect(partner.seen.slice(2)).toEqual(['STATE'])
  })

  it('says no CONNECT on a connection that it did not dial', () => {
    const partner = new ScriptedPartner('primary')
    partner.handle({
      kind: 'stream-opened',
      connection: 1,
      direction: 'accepted',
      peerAddress: 'fd00::2',
      relationship: undefined,
    })
    expect(partner.seen).toEqual(['DIAL', 'CLOSE'])
  })

  it('takes a CONTACT before the first STATE, and is not in contact by it', () => {
    const partner = answered((from) => from.connectReplyOptions())
    partner.send(MessageType.Contact)
    expect(partner.seen.slice(2)).toEqual(['STATE'])
    expect(partner.view().communicationsOk).toBe(false)
    partner.sendState('RECOVER')
    expect(partner.view().communicationsOk).toBe(true)
  })

  it('sends no update where the partner takes none unacknowledged', () => {
    const none = option(maxUnackedBndupdOption, 0)
    const partner = answered((from) => replaced(from.connectReplyOptions(), none))
    partner.sendState('RECOVER-DONE')
    partner.send(MessageType.Updreqall)
    expect(partner.seen).toContain('UPDDONE')
    expect(partner.seen).not.toContain('BNDUPD')
  })
})

describe('a secondary', () => {
  it('refuses an MCLT by which it would have to give leases below thirty seconds', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ mcltSeconds: 29 }))
    expect(partner.seen).toEqual(['CONNECTREPLY', 'CLOSE'])
    expect(partner.lastStatus()).toBe(StatusCode.ConfigurationConflict)
    expect(partner.view().connection.lastProblem).toContain('MCLT of 29 seconds')
    expect(partner.endpoint?.mcltSeconds).toBe(60)
  })

  it('takes the shortest MCLT that failover allows, and a shorter one only where its own file has it for a test', () => {
    for (const [own, offered] of [
      [3600, 30],
      [5, 5],
    ] as const) {
      const partner = new ScriptedPartner('secondary', { mcltSeconds: own })
      partner.open()
      partner.send(MessageType.Connect, partner.connectOptions({ mcltSeconds: offered }))
      expect(partner.seen).toEqual(['CONNECTREPLY', 'STATE'])
      expect(partner.endpoint?.mcltSeconds).toBe(offered)
    }
  })

  it('agrees to STARTTLS whatever options it carries', () => {
    const partner = new ScriptedPartner('secondary', { transport: 'tls' })
    partner.open()
    const more = option(statusCodeOption, { code: StatusCode.UnspecFail, message: 'not for you' })
    partner.sendPlain(MessageType.StartTls, 7, [more])
    expect(partner.seen).toEqual(['REPLY', 'SECURE as server'])
    expect(partner.lastMessage().options).toEqual([])
  })

  it('refuses an MCLT that means for ever', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions({ mcltSeconds: 0xffff_ffff }))
    expect(partner.lastStatus()).toBe(StatusCode.ConfigurationConflict)
  })
})

describe('the messages of a pair', () => {
  it('carry no authentication option, and one that comes counts for nothing', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.requestAddress('primary')
    pair.command('secondary', { kind: 'shut-down' })
    expect(pair.sent.length).toBeGreaterThan(10)
    for (const { message } of pair.sent) {
      expect(message.options.some(({ code }) => code === authOption.code)).toBe(false)
    }
    const partner = new ScriptedPartner('primary')
    partner.agree('NORMAL')
    partner.seen.length = 0
    const octets = new Uint8Array(8)
    const authentication = option(authOption, {
      protocol: 3,
      algorithm: 1,
      replayDetectionMethod: 0,
      replayDetection: octets,
      information: octets,
    })
    partner.send(MessageType.Contact, [authentication])
    expect(partner.seen).toEqual([])
    expect(partner.view().communicationsOk).toBe(true)
  })

  it('sets no reserved bit', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    let looked = 0
    for (const { message } of pair.sent) {
      for (const flags of [connectFlagsOption, serverFlagsOption]) {
        const found = findOption<{ readonly reserved?: number }>(message.options, flags)
        if (found === undefined) continue
        looked += 1
        expect(found.reserved).toBeUndefined()
      }
    }
    expect(looked).toBeGreaterThan(5)
  })

  it('each that answers another has its transaction id, and DISCONNECT a status with words', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.requestAddress('primary')
    pair.command('secondary', { kind: 'shut-down' })
    const answers = new Map<number, number>([
      [MessageType.Connectreply, MessageType.Connect],
      [MessageType.Bndreply, MessageType.Bndupd],
      [MessageType.Poolresp, MessageType.Poolreq],
      [MessageType.Upddone, MessageType.Updreq],
    ])
    for (const [answer, question] of answers) {
      const given = pair.sent.filter(({ message }) => message.type === answer)
      expect(given.length, String(answer)).toBeGreaterThan(0)
      for (const { from, message } of given) {
        const asked = pair.sent.find(
          (sent) =>
            sent.from !== from &&
            sent.message.type === question &&
            sent.message.transactionId === message.transactionId,
        )
        expect(asked, `${answer} answers something`).toBeDefined()
      }
    }
    const goodBye = pair.sent.find(({ message }) => message.type === MessageType.Disconnect)?.message
    const status = findOption(goodBye?.options ?? [], statusCodeOption)
    expect(status?.code).toBe(StatusCode.ServerShuttingDown)
    expect(status?.message).toMatch(/\w+ \w+/)
  })
})
