/** Messages of clients and relays as octets, the choice of decoder by msg-type, and the look through relay headers. */
import { describe, expect, it } from 'vitest'
import { octets } from '../../test-support/octets.ts'
import * as p from '../index.ts'

const address = (text: string): p.Ipv6Address => p.parseIpv6Address(text) ?? p.UNSPECIFIED_ADDRESS

const solicitHex = `
  01 | 10 08 74                                 # SOLICIT, transaction id
  00 01 00 0a 00 03 00 01 02 00 00 00 00 01     # client id
  00 06 00 04 00 17 00 18                       # wants name servers and search list
  00 08 00 02 00 00                             # just begun
  fd e8 00 03 01 02 03                          # an option of nobody
  00 03 00 0c 00 00 00 01 00 00 00 00 00 00 00 00
  00 3d 00 02 00 07                             # client architecture, without a definition here`

const solicit: p.ClientServerMessage = {
  kind: 'client-server',
  type: p.MessageType.Solicit,
  transactionId: 0x100874,
  options: [
    p.option(p.clientIdOption, p.duidFromHex('00030001020000000001')),
    p.option(p.optionRequestOption, [23, 24]),
    p.option(p.elapsedTimeOption, 0),
    { code: 65000, value: octets('010203') },
    p.option(p.iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [] }),
    { code: 61, value: octets('0007') },
  ],
}

const innerRelayHex = `
  0c 00                                         # RELAY-FORW, hop-count 0
  20 01 0d b8 00 00 00 01 00 00 00 00 00 00 00 01
  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 0a
  00 12 00 04 65 74 68 31                       # interface id "eth1"
  00 09 00 08 01 00 00 01 00 0e 00 00           # relay message: SOLICIT with rapid commit`

const outerRelayHex = `
  0c 01                                         # RELAY-FORW, hop-count 1
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  20 01 0d b8 00 00 00 02 00 00 00 00 00 00 00 01
  00 09 00 36 ${innerRelayHex}`

function opened(bytes: Uint8Array): p.DatagramMessage {
  const decoded = p.decodeDatagram(bytes)
  if (!decoded.ok) throw new Error(decoded.error.detail)
  return decoded.value
}

/** A message behind this many relay headers. */
function relayed(depth: number, message: Uint8Array): Uint8Array {
  let bytes = message
  for (let hopCount = 0; hopCount < depth; hopCount += 1) {
    const options = [p.option(p.relayMessageOption, bytes)]
    const addresses = { linkAddress: p.UNSPECIFIED_ADDRESS, peerAddress: p.UNSPECIFIED_ADDRESS }
    bytes = p.encodeDatagram({ kind: 'relay', type: 12, hopCount, ...addresses, options })
  }
  return bytes
}

describe('client messages', () => {
  it('keep unknown options, and the order of all, in both directions', () => {
    expect(opened(octets(solicitHex))).toEqual(solicit)
    expect(p.encodeDatagram(solicit)).toEqual(octets(solicitHex))
  })

  it('are refused or shorter when cut anywhere', () => {
    const whole = octets(solicitHex)
    for (let kept = 0; kept < whole.length; kept += 1) {
      const decoded = p.decodeDatagram(whole.slice(0, kept))
      if (decoded.ok) expect(decoded.value.options.length).toBeLessThan(solicit.options.length)
      else expect(decoded.error.reason).toBe('truncated')
    }
    expect(p.decodeDatagram(Uint8Array.from([...whole, 0]))).toMatchObject({ ok: false })
  })

  it('find options by definition: the first, all, or none', () => {
    const options = [p.option(p.vendorOptsOption, { enterprise: 1, options: octets('') }), ...solicit.options]
    const twice = [...options, p.option(p.vendorOptsOption, { enterprise: 2, options: octets('') })]
    expect(p.findOption(twice, p.vendorOptsOption)?.enterprise).toBe(1)
    expect(p.findOptions(twice, p.vendorOptsOption).map(({ enterprise }) => enterprise)).toEqual([1, 2])
    expect(p.findOption(twice, p.rapidCommitOption)).toBeUndefined()
    expect(p.hasOption(twice, p.elapsedTimeOption)).toBe(true)
    expect(p.hasOption(twice, p.rapidCommitOption)).toBe(false)
  })

  it('tell in an error where in the datagram the fault lies', () => {
    const decoded = p.decodeDatagram(octets('01 000001 0008 0002 0000 000e 0001 00'))
    expect(decoded).toEqual({
      ok: false,
      error: { reason: 'trailing-bytes', offset: 14, optionCode: 14, detail: '1 octets are left over' },
    })
  })

  it('read as one line of text', () => {
    expect(p.formatMessage(opened(octets('05 00000a 000e 0000 fde8 0001 ff')))).toBe(
      'RENEW xid 00000a [OPTION_RAPID_COMMIT, option 65000 ff]',
    )
    expect(p.formatMessage(opened(octets(innerRelayHex)))).toBe(
      'RELAY-FORW hop-count 0 link 2001:db8:0:1::1 peer fe80::a ' +
        '[OPTION_INTERFACE_ID 65746831, OPTION_RELAY_MSG 01000001000e0000]',
    )
    expect(p.formatOption(p.option(p.elapsedTimeOption, 3))).toBe('OPTION_ELAPSED_TIME 3')
  })

  it('cannot be written with an unknown option whose value is not octets', () => {
    const message = { ...solicit, options: [{ code: 65000, value: 'text' }] }
    expect(() => p.encodeDatagram(message)).toThrow(TypeError)
  })
})

describe('relay messages', () => {
  it('are opened hop by hop, and written back to the same octets', () => {
    const outer = opened(octets(outerRelayHex))
    if (outer.kind !== 'relay') throw new Error('not a relay message')
    expect(outer).toMatchObject({ type: 12, hopCount: 1, linkAddress: 0n, peerAddress: address('2001:db8:0:2::1') })
    const inner = opened(p.findOption(outer.options, p.relayMessageOption) ?? octets(''))
    if (inner.kind !== 'relay') throw new Error('not a relay message')
    expect(inner).toMatchObject({
      hopCount: 0,
      linkAddress: address('2001:db8:0:1::1'),
      peerAddress: address('fe80::a'),
    })
    expect(p.findOption(inner.options, p.interfaceIdOption)).toEqual(octets('65746831'))
    const client = opened(p.findOption(inner.options, p.relayMessageOption) ?? octets(''))
    expect(client).toMatchObject({ type: p.MessageType.Solicit, transactionId: 1 })
    expect(p.encodeDatagram(outer)).toEqual(octets(outerRelayHex))
  })

  it.each([33, 1, 0])('are truncated with %d octets of header', (kept) => {
    expect(p.decodeDatagram(octets(innerRelayHex).slice(0, kept))).toMatchObject({ ok: false })
  })
})

describe('msg-type', () => {
  it.each([0, 38, 255])('%d is unknown on either transport', (type) => {
    const bytes = Uint8Array.from([type, 0, 0, 1])
    const expected = { ok: false, error: { reason: 'unknown-message-type', offset: 0 } }
    expect(p.decodeDatagram(bytes)).toMatchObject(expected)
    expect(p.decodeStreamMessage(bytes)).toMatchObject(expected)
  })

  it('of failover does not come in a datagram', () => {
    expect(p.decodeDatagram(octets('23 000001 00000000'))).toMatchObject({
      ok: false,
      error: { reason: 'unexpected-message-type' },
    })
  })

  it('of a relay does not come on a stream', () => {
    expect(p.decodeStreamMessage(octets(innerRelayHex))).toMatchObject({
      ok: false,
      error: { reason: 'unexpected-message-type' },
    })
  })

  it('decides whether there is a sent-time', () => {
    expect(p.decodeStreamMessage(octets('17 000001'))).toMatchObject({ ok: true, value: { kind: 'client-server' } })
    expect(p.decodeStreamMessage(octets('23 000001'))).toMatchObject({ ok: false, error: { reason: 'truncated' } })
  })
})

describe('options that nest', () => {
  it('are refused beyond the depth limit instead of exhausting the stack', () => {
    let bytes = octets('')
    for (let depth = 0; depth < 2000; depth += 1) {
      bytes = Uint8Array.from([0, 45, bytes.length >>> 8, bytes.length & 0xff, ...bytes])
    }
    const decoded = p.decodeDatagram(Uint8Array.from([1, 0, 0, 1, ...bytes]))
    expect(decoded).toMatchObject({ ok: false, error: { reason: 'nested-too-deep', optionCode: 45 } })
  })
})

describe('a peek at the message type', () => {
  it('finds a message that came directly', () => {
    expect(p.peekMessageType(octets(solicitHex))).toEqual({ type: 1, relayDepth: 0, offset: 0 })
  })

  it('finds the client message behind its relays', () => {
    expect(p.peekMessageType(octets(outerRelayHex))).toEqual({ type: 1, relayDepth: 2, offset: 84 })
  })

  it('looks through 32 relays and no further', () => {
    expect(p.peekMessageType(relayed(32, octets('01000001')))).toMatchObject({ type: 1, relayDepth: 32 })
    expect(p.peekMessageType(relayed(33, octets('01000001')))).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['a relay header that is cut', '0c00'],
    ['a relay without a message inside', `0c00${'00'.repeat(32)} 0012 0001 ff`],
    ['an empty relay message option', `0c00${'00'.repeat(32)} 0009 0000`],
    ['a relay message longer than the datagram', `0c00${'00'.repeat(32)} 0009 0005 01000001`],
  ])('answers nothing for %s', (_, hex) => {
    expect(p.peekMessageType(octets(hex))).toBeUndefined()
  })
})
