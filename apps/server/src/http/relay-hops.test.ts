/** The relays of a client out of what is stored of them; the octets came from the network. */
import {
  encodeDatagram,
  interfaceIdOption,
  ipv6AddressToBytes,
  MessageType,
  option,
  parseIpv6Address,
  relayMessageOption,
  remoteIdOption,
  type OptionInstance,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { relayHopsOf } from './relay-hops.ts'

const address = (text: string) => parseIpv6Address(text) ?? expect.unreachable(text)

function relayed(link: string, peer: string, options: readonly OptionInstance[]): Uint8Array {
  const type = MessageType.RelayForw
  const [linkAddress, peerAddress] = [address(link), address(peer)]
  return encodeDatagram({ kind: 'relay', type, hopCount: 0, linkAddress, peerAddress, options })
}

const stored = (from: string, message: Uint8Array) => Buffer.concat([ipv6AddressToBytes(address(from)), message])

describe('the relays of a client', () => {
  it('come in the order in which the message was unwrapped, each with the words it added', () => {
    const near = relayed('2001:db8:1::1', 'fe80::c', [
      option(interfaceIdOption, Buffer.from('port-1/7')),
      option(remoteIdOption, { enterprise: 9, identifier: Buffer.from('001a2b', 'hex') }),
    ])
    const far = relayed('::', '2001:db8:ffff::1', [option(relayMessageOption, near)])
    const none = { interfaceId: null, remoteId: null, remoteIdEnterprise: null, subscriberId: null }
    expect(relayHopsOf(stored('2001:db8:ffff::2', far))).toEqual([
      { ...none, address: '2001:db8:ffff::2', linkAddress: '::' },
      {
        ...none,
        address: '2001:db8:ffff::1',
        linkAddress: '2001:db8:1::1',
        interfaceId: 'port-1/7',
        remoteId: '00:1a:2b',
        remoteIdEnterprise: 9,
      },
    ])
  })

  it.each(['', '00', '20010db8000000000000000000000001', '20010db80000000000000000000000010c00'])(
    '%j has none that can be read',
    (hex) => {
      expect(relayHopsOf(Buffer.from(hex, 'hex'))).toEqual([])
    },
  )
})
