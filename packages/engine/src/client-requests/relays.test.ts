/** Relays: where the client is, where the answer goes, what is kept of the way (RFC 9915 §13.1, §19.3; RFC 6221, RFC 8357). */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  findOption,
  iaTaOption,
  interfaceIdOption,
  MessageType,
  option,
  relayMessageOption,
  relaySourcePortOption,
  remoteIdOption,
  type RelayMessage,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import {
  address,
  answersToSource,
  clientA,
  elsewhere,
  forRelays,
  iaNa,
  iaPd,
  lan,
  onLink,
  ServedLink,
  toServer,
} from '../../test-support/served-link.ts'

type Layer = Omit<RelayMessage, 'kind' | 'type'>

const solicit = [option(clientIdOption, clientA), iaNa(1)]
const relayPeer = { address: '2001:db8:ffff::1', port: 40_000 }
const none = address('::')

function layer(linkAddress: string, options: Layer['options'] = [], hopCount = 0): Layer {
  return { hopCount, linkAddress: address(linkAddress), peerAddress: address('fe80::a'), options }
}

function interfaceId(...octets: readonly number[]): Layer['options'] {
  return [option(interfaceIdOption, Uint8Array.from(octets))]
}

describe('the link of a client', () => {
  test('is that of the relay nearest to it', () => {
    const link = new ServedLink()
    const relays = [layer('2001:db8:1::1', [], 1), layer('2001:db8:2::1')]
    const outcome = link.send(MessageType.Solicit, solicit, { listener: forRelays, from: relayPeer, relays })
    expect(outcome.leases).toEqual(['2001:db8:2::10'])
  })

  test('is not told by a layer-2 relay, so the next one outside counts', () => {
    const link = new ServedLink()
    const relays = [layer('2001:db8:2::1', [], 1), layer('::', interfaceId(1))]
    const outcome = link.send(MessageType.Solicit, solicit, { listener: forRelays, from: relayPeer, relays })
    expect(outcome.leases).toEqual(['2001:db8:2::10'])
  })

  test('is the receiving interface where only layer-2 relays stand between', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, { listener: onLink, relays: [layer('::')] })
    expect(outcome.leases).toEqual(['2001:db8:1::10'])
  })

  test('is unknown for a link-address of no subnet', () => {
    const relays = [layer('2001:db8:77::1')]
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, { listener: forRelays, relays })
    expect(outcome.unanswered).toBe('no-matching-link')
  })

  test('is unknown on a relays-only listener without a link-address', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, { listener: forRelays, relays: [layer('::')] })
    expect(outcome.unanswered).toBe('no-matching-link')
  })

  test('includes every subnet that shares an interface, directly or through a third', () => {
    const shared = [
      { ...lan, interfaceNames: ['eth0'], prefixPools: [] },
      { ...elsewhere, interfaceNames: ['eth1'], addressPools: [] },
      {
        ...elsewhere,
        id: 'third',
        prefix: { ...elsewhere.prefix, address: address('2001:db8:3::') },
        interfaceNames: ['eth0', 'eth1'],
        addressPools: [],
        prefixPools: [],
      },
    ]
    const { leases } = new ServedLink(shared).send(MessageType.Solicit, [...solicit, iaPd(1)])
    expect(leases).toEqual(['2001:db8:1::10', '2001:db8:9000::/60'])
  })

  test('is the longest prefix that contains the link-address', () => {
    const narrow = { ...elsewhere, id: 'narrow', prefix: { address: address('2001:db8:1::'), length: 72 } }
    const link = new ServedLink([lan, narrow])
    const relays = [layer('2001:db8:1::99')]
    const outcome = link.send(MessageType.Solicit, [option(clientIdOption, clientA), iaPd(1)], {
      listener: forRelays,
      relays,
    })
    expect(outcome.leases).toEqual(['2001:db8:9000::/60'])
  })

  test('cannot be that of a client without a relay on a relays-only listener', () => {
    expect(new ServedLink().send(MessageType.Solicit, solicit, { listener: forRelays }).unanswered).toBe(
      'rule-violated',
    )
  })
})

describe('the way back', () => {
  test('passes each relay with its hop count, addresses and interface, innermost last', () => {
    const relays = [layer('2001:db8:1::1', interfaceId(9, 9), 1), layer('2001:db8:2::1', interfaceId(1, 2, 3))]
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: forRelays,
      from: relayPeer,
      relays,
    })
    expect(
      outcome.relays.map((relay) => ({ ...relay, options: findOption(relay.options, interfaceIdOption) })),
    ).toEqual(
      relays.map((relay) => ({
        ...relay,
        kind: 'relay',
        type: MessageType.RelayRepl,
        options: findOption(relay.options, interfaceIdOption),
      })),
    )
    expect(outcome.message.type).toBe(MessageType.Advertise)
  })

  test('does not echo what the relay does not need', () => {
    const remoteId = option(remoteIdOption, { enterprise: 9, identifier: Uint8Array.of(1) })
    const relays = [layer('2001:db8:1::1', [remoteId])]
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: forRelays,
      from: relayPeer,
      relays,
    })
    expect(outcome.relays[0]?.options.map(({ code }) => code)).toEqual([relayMessageOption.code])
  })

  test('is UDP 547 of the relay, whatever port it used', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: forRelays,
      from: relayPeer,
      relays: [layer('2001:db8:1::1')],
    })
    expect(outcome.datagram?.to).toEqual({ address: relayPeer.address, port: 547 })
  })

  test('is the source port where the outermost relay asks for it, and the option is echoed', () => {
    const relays = [layer('2001:db8:1::1', [option(relaySourcePortOption, 0)])]
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: forRelays,
      from: relayPeer,
      relays,
    })
    expect(outcome.datagram?.to).toEqual(relayPeer)
    expect(findOption(outcome.relays[0]?.options ?? [], relaySourcePortOption)).toBe(0)
  })

  test('is UDP 547 where only an inner relay asks, which gets its option back', () => {
    const relays = [layer('2001:db8:1::1'), layer('2001:db8:2::1', [option(relaySourcePortOption, 4000)])]
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: forRelays,
      from: relayPeer,
      relays,
    })
    expect(outcome.datagram?.to.port).toBe(547)
    expect(findOption(outcome.relays[1]?.options ?? [], relaySourcePortOption)).toBe(4000)
  })

  test('is the source port where the listener says so', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, {
      listener: answersToSource,
      from: relayPeer,
      relays: [layer('2001:db8:1::1')],
    })
    expect(outcome.datagram?.to).toEqual(relayPeer)
  })
})

describe('nesting', () => {
  function nested(depth: number): readonly Layer[] {
    return Array.from({ length: depth }, (_, index) => layer('2001:db8:1::1', interfaceId(index), depth - 1 - index))
  }

  test('is followed through 32 relays', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, { listener: forRelays, relays: nested(32) })
    expect(outcome.relays).toHaveLength(32)
    expect(outcome.leases).toEqual(['2001:db8:1::10'])
  })

  test('is given up at the 33rd', () => {
    const outcome = new ServedLink().send(MessageType.Solicit, solicit, { listener: forRelays, relays: nested(33) })
    expect(outcome.unanswered).toBe('relay-too-deep')
  })
})

describe('what is kept of the way', () => {
  test('is the peer and the chain of RELAY-FORW without the message of the client', () => {
    const link = new ServedLink()
    const relays = [layer('2001:db8:1::1', interfaceId(7), 1), layer('2001:db8:2::1', interfaceId(8))]
    const sending = { listener: forRelays, from: { ...relayPeer, address: '2001:db8:ffff::1%eth3' }, relays }
    const [bound] = link.send(MessageType.Request, [...toServer(clientA), iaNa(1)], sending).committed
    const data = bound?.relayData ?? new Uint8Array()
    expect([...data.subarray(0, 16)]).toEqual([0x20, 1, 0x0d, 0xb8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    const outer = decodeDatagram(data.subarray(16))
    if (!outer.ok || outer.value.kind !== 'relay') throw new Error('no RELAY-FORW')
    expect(outer.value).toMatchObject({
      type: MessageType.RelayForw,
      hopCount: 1,
      linkAddress: address('2001:db8:1::1'),
    })
    const inner = decodeDatagram(findOption(outer.value.options, relayMessageOption) ?? new Uint8Array())
    expect(inner).toEqual({
      ok: true,
      value: {
        kind: 'relay',
        type: MessageType.RelayForw,
        hopCount: 0,
        linkAddress: address('2001:db8:2::1'),
        peerAddress: address('fe80::a'),
        options: interfaceId(8),
      },
    })
  })
})

describe('what is kept of a long way', () => {
  test('is nothing, so that no client fills the memory with it', () => {
    const link = new ServedLink()
    const relays = [layer('2001:db8:2::1', [option(interfaceIdOption, new Uint8Array(20_000))])]
    const outcome = link.send(MessageType.Request, [...toServer(clientA), iaNa(1)], {
      listener: forRelays,
      from: relayPeer,
      relays,
    })
    expect(outcome.leases).toHaveLength(1)
    expect(outcome.committed[0]?.relayData).toBeUndefined()
  })
})

describe('what is not for a server', () => {
  const anyRelay = { hopCount: 0, linkAddress: none, peerAddress: none }

  test('is a RELAY-REPL', () => {
    const bytes = encodeDatagram({ kind: 'relay', type: MessageType.RelayRepl, ...anyRelay, options: [] })
    expect(new ServedLink().sendBytes(bytes).notices).toMatchObject([{ reason: 'not-for-a-server' }])
  })

  test('is an answer of a server', () => {
    expect(new ServedLink().send(MessageType.Reply, toServer(clientA)).unanswered).toBe('not-for-a-server')
    expect(new ServedLink().send(MessageType.Leasequery, toServer(clientA)).unanswered).toBe('not-for-a-server')
  })

  test('is a RELAY-FORW without a message', () => {
    const bytes = encodeDatagram({ kind: 'relay', type: MessageType.RelayForw, ...anyRelay, options: [] })
    expect(new ServedLink().sendBytes(bytes).notices).toMatchObject([{ reason: 'rule-violated' }])
  })

  test('is malformed outside or inside a relay', () => {
    const inside = option(relayMessageOption, Uint8Array.of(1, 0))
    const bytes = encodeDatagram({ kind: 'relay', type: MessageType.RelayForw, ...anyRelay, options: [inside] })
    expect(new ServedLink().sendBytes(Uint8Array.of(1, 0)).notices).toMatchObject([{ reason: 'malformed' }])
    expect(new ServedLink().sendBytes(bytes).notices).toMatchObject([
      { reason: 'malformed', messageType: 'RELAY-FORW' },
    ])
  })
})

describe('a way back that leaves no room', () => {
  const temporary = Array.from({ length: 40 }, (_, iaid) => option(iaTaOption, { iaid, options: [] }))
  const large = option(interfaceIdOption, new Uint8Array(64_500))

  test('is no reason to stop: the client is not answered', () => {
    for (const relays of [
      [layer('2001:db8:2::1', [], 1), layer('2001:db8:2::1', [large])],
      [layer('2001:db8:2::1', [large])],
    ]) {
      const outcome = new ServedLink().send(MessageType.Solicit, [...solicit, ...temporary], {
        listener: forRelays,
        from: relayPeer,
        relays,
      })
      expect(outcome.unanswered).toBe('answer-too-large')
      expect(outcome.effects.commit).toEqual([])
    }
  })
})
