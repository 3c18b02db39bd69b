/** The stub answers what a real server would be asked, in messages that the codec reads. */
import {
  clientIdOption,
  decodeDatagram,
  findOption,
  formatIpv6Address,
  formatIpv6Prefix,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  MessageType,
  serverIdOption,
  type ClientServerMessage,
} from '@tandem/protocol'
import { expect, test } from 'vitest'
import { clientDuid, requestOf, solicitOf } from '../engines/client-octets.ts'
import { answerTo } from './stub-server.ts'

function ask(octets: Uint8Array): ClientServerMessage {
  const answer = answerTo(Buffer.from(octets))
  const decoded = decodeDatagram(answer ?? new Uint8Array())
  if (!decoded.ok || decoded.value.kind !== 'client-server') throw new Error(JSON.stringify(decoded))
  return decoded.value
}

test('a SOLICIT is offered an address of its own, and the REQUEST gets what it names', () => {
  const first = ask(solicitOf(7))
  expect(first).toMatchObject({ type: MessageType.Advertise, transactionId: 7 })
  expect(findOption(first.options, clientIdOption)).toBe(clientDuid(7))
  expect(findOption(first.options, serverIdOption)).toBeDefined()
  const addressIn = ({ options }: ClientServerMessage): string | undefined => {
    const lease = findOption(findOption(options, iaNaOption)?.options ?? [], iaAddressOption)
    return lease === undefined ? undefined : `${formatIpv6Address(lease.address)} for ${lease.validLifetime} s`
  }
  expect(addressIn(first)).toBe('2001:db8:1::1:0:1 for 4000 s')
  expect(addressIn(ask(solicitOf(8)))).toBe('2001:db8:1::1:0:2 for 4000 s')
  const reply = ask(requestOf(7, first))
  expect(reply.type).toBe(MessageType.Reply)
  expect(addressIn(reply)).toBe('2001:db8:1::1:0:1 for 4000 s')
})

test('a SOLICIT for a prefix is offered one of its own', () => {
  const offered = [ask(solicitOf(1, 'prefix')), ask(solicitOf(2, 'prefix'))].map(({ options }) => {
    const lease = findOption(findOption(options, iaPdOption)?.options ?? [], iaPrefixOption)
    return lease === undefined ? undefined : formatIpv6Prefix(lease.prefix)
  })
  expect(offered).toEqual(['3000:0:0:300::/56', '3000:0:0:400::/56'])
})

test('what is cut short is not answered', () => {
  expect(answerTo(Buffer.from([1, 0]))).toBeUndefined()
  expect(answerTo(Buffer.from(solicitOf(1)).subarray(0, -1))).toBeUndefined()
})
