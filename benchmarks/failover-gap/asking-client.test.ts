/** What a client sends and when, against a server that the test plays. */
import {
  clientIdOption,
  decodeDatagram,
  duidFromHex,
  elapsedTimeOption,
  findOption,
  iaAddressOption,
  iaNaOption,
  MessageType,
  option,
  parseIpv6Address,
  serverIdOption,
  type ClientServerMessage,
} from '@tandem/protocol'
import { expect, test } from 'vitest'
import { AskingClient, clientDuid } from './asking-client.ts'
import type { ClientEvent, ClientKind } from './client-event.ts'

const server = duidFromHex('00030001020000000001')
const address = parseIpv6Address('2001:db8:1::1:0:7')
if (address === undefined) throw new Error('the address of the test')

function stage(kind: ClientKind, held?: typeof address) {
  const sent: ClientServerMessage[] = []
  const events: ClientEvent[] = []
  const client = new AskingClient({
    kind,
    client: 7,
    ...(held === undefined ? {} : { held }),
    send: (octets) => {
      const decoded = decodeDatagram(octets)
      if (!decoded.ok || decoded.value.kind !== 'client-server') throw new Error('no message of a client')
      sent.push(decoded.value)
    },
    report: (event) => events.push(event),
    // The middle: no jitter, but for the first SOLICIT, which is 1050 ms then.
    random: () => 0.5,
  })
  const answer = (type: number, validLifetime: number, ownId?: number): ClientServerMessage => {
    const lease = option(iaAddressOption, { address: address!, preferredLifetime: 0, validLifetime, options: [] })
    return {
      kind: 'client-server',
      type,
      transactionId: ownId ?? sent.at(-1)?.transactionId ?? 0,
      options: [
        option(clientIdOption, clientDuid(7)),
        option(serverIdOption, server),
        option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [lease] }),
      ],
    }
  }
  return { client, sent, events, answer }
}

test('a SOLICIT is repeated with the same transaction id and the time that has passed', () => {
  const { client, sent } = stage('new')
  client.begin(5000)
  client.act(6049)
  expect(sent).toHaveLength(1)
  client.act(6060)
  client.act(8170)
  expect(sent.map(({ type }) => type)).toEqual([MessageType.Solicit, MessageType.Solicit, MessageType.Solicit])
  expect(new Set(sent.map(({ transactionId }) => transactionId)).size).toBe(1)
  expect(sent.map(({ options }) => findOption(options, elapsedTimeOption))).toEqual([0, 106, 317])
  expect(client.dueAtMs).toBe(8170 + 4200)
})

test('an offer is taken up with its server, and the REPLY ends the exchange', () => {
  const { client, sent, events, answer } = stage('new')
  client.begin(0)
  client.receive(answer(MessageType.Advertise, 100), 3)
  expect(findOption(sent[1]?.options ?? [], serverIdOption)).toBe(server)
  expect(sent[1]?.type).toBe(MessageType.Request)
  client.receive(answer(MessageType.Reply, 100), 8)
  expect(client.dueAtMs).toBeUndefined()
  expect(client.held).toEqual(address)
  expect(events.map(({ event, atMs }) => [event, atMs])).toEqual([
    ['asked', 0],
    ['offered', 3],
    ['asked', 3],
    ['granted', 8],
  ])
})

test('an answer to another question, or without a lease in it, ends nothing', () => {
  const { client, events, answer } = stage('rebinding', address)
  client.begin(0)
  client.receive(answer(MessageType.Reply, 100, 1), 1)
  client.receive(answer(MessageType.Advertise, 100), 2)
  client.receive(answer(MessageType.Reply, 0), 3)
  expect(events.map(({ event }) => event)).toEqual(['asked', 'refused'])
  expect(client.dueAtMs).toBe(10_000)
})

test('a REBIND names the address and no server', () => {
  const { client, sent } = stage('rebinding', address)
  client.begin(0)
  const [message] = sent
  const association = findOption(message?.options ?? [], iaNaOption)
  expect(message?.type).toBe(MessageType.Rebind)
  expect(findOption(message?.options ?? [], serverIdOption)).toBeUndefined()
  expect(findOption(association?.options ?? [], iaAddressOption)?.address).toEqual(address)
})

test('a REQUEST is given up after ten messages', () => {
  const { client, sent, events, answer } = stage('new')
  client.begin(0)
  client.receive(answer(MessageType.Advertise, 100), 0)
  while (client.dueAtMs !== undefined) client.act(client.dueAtMs)
  expect(sent.filter(({ type }) => type === MessageType.Request)).toHaveLength(10)
  expect(events.at(-1)?.event).toBe('gave-up')
})
