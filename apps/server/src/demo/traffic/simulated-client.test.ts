/** The demo's client against a scripted server: what it sends when, and what it counts (RFC 9915 section 18.2). */
import {
  clientIdOption,
  findOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  makeDuidLl,
  messageTypeName,
  MessageType,
  option,
  parseIpv6Address,
  parseIpv6Prefix,
  serverIdOption,
  StatusCode,
  statusCodeOption,
  type ClientServerMessage,
  type Duid,
} from '@tandem/protocol'
import { expect, test } from 'vitest'
import { LeaseLedger } from './lease-ledger.ts'
import { SimulatedClient, type ClientObserver } from './simulated-client.ts'

const ALPHA = makeDuidLl(1, Uint8Array.of(0xa, 0, 0, 0, 0, 1))
const BETA = makeDuidLl(1, Uint8Array.of(0xb, 0, 0, 0, 0, 1))
const ADDRESS = '2001:db8::10'
const PREFIX = '2001:db8:8000::/56'

interface Grant {
  readonly address?: string
  readonly prefix?: string
  readonly validSeconds: number
}

/** What a scripted server says: the leases, T1 at a quarter and T2 at half of the lifetime. */
function answer(to: ClientServerMessage, type: number, server: Duid, grant: Grant): ClientServerMessage {
  const { address, prefix, validSeconds } = grant
  const lifetimes = { preferredLifetime: validSeconds, validLifetime: validSeconds, options: [] }
  const times = { t1: validSeconds / 4, t2: validSeconds / 2 }
  const client = findOption(to.options, clientIdOption)
  if (client === undefined) throw new Error('the client does not say who it is')
  return {
    kind: 'client-server',
    type,
    transactionId: to.transactionId,
    options: [
      option(clientIdOption, client),
      option(serverIdOption, server),
      ...(address === undefined
        ? []
        : [
            option(iaNaOption, {
              iaid: 1,
              ...times,
              options: [option(iaAddressOption, { address: parseIpv6Address(address)!, ...lifetimes })],
            }),
          ]),
      ...(prefix === undefined
        ? []
        : [
            option(iaPdOption, {
              iaid: 2,
              ...times,
              options: [option(iaPrefixOption, { prefix: parseIpv6Prefix(prefix)!, ...lifetimes })],
            }),
          ]),
    ],
  }
}

function setUp() {
  const told: string[] = []
  const observer: ClientObserver = {
    granted: (_, lease, untilMs) => told.push(`granted ${lease} until ${untilMs}`),
    gone: (_, lease, lost) => told.push(`${lost ? 'lost' : 'dropped'} ${lease}`),
    answered: (_, message) => told.push(`answered ${message}`),
  }
  const client = new SimulatedClient({
    name: 'client-01',
    duid: makeDuidLl(1, Uint8Array.of(2, 0, 0, 0, 0, 1)),
    wishes: { address: true, prefix: true },
    random: () => 0.5,
    observer,
  })
  return { client, told }
}

function sent(client: SimulatedClient, nowMs: number): ClientServerMessage {
  const message = client.act(nowMs)
  if (message === undefined) throw new Error(`nothing to send at ${nowMs}`)
  return message
}

function bound(validSeconds = 120) {
  const { client, told } = setUp()
  client.arrive(0)
  client.receive(answer(sent(client, 0), MessageType.Advertise, ALPHA, { address: ADDRESS, validSeconds }), 10)
  const request = sent(client, client.dueAtMs()!)
  client.receive(answer(request, MessageType.Reply, ALPHA, { address: ADDRESS, prefix: PREFIX, validSeconds }), 2000)
  told.length = 0
  return { client, told }
}

test('a client waits for offers until its first time-out, then asks the best of them for both leases', () => {
  const { client, told } = setUp()
  client.arrive(0)
  const solicit = sent(client, 0)
  expect(messageTypeName(solicit.type)).toBe('SOLICIT')
  client.receive(answer(solicit, MessageType.Advertise, BETA, { address: ADDRESS, validSeconds: 60 }), 10)
  client.receive(
    answer(solicit, MessageType.Advertise, ALPHA, { address: ADDRESS, prefix: PREFIX, validSeconds: 60 }),
    20,
  )
  expect(client.act(500)).toBeUndefined()
  const request = sent(client, client.dueAtMs()!)
  expect(messageTypeName(request.type)).toBe('REQUEST')
  expect(findOption(request.options, serverIdOption)).toBe(ALPHA)
  client.receive(
    answer(request, MessageType.Reply, ALPHA, { address: ADDRESS, prefix: PREFIX, validSeconds: 60 }),
    2000,
  )
  expect(client.state).toBe('bound')
  expect(told).toEqual(['answered request', `granted ${ADDRESS} until 62000`, `granted ${PREFIX} until 62000`])
})

test('after the first time-out, the first offer will do', () => {
  const { client } = setUp()
  client.arrive(0)
  sent(client, 0)
  const again = sent(client, client.dueAtMs()!)
  client.receive(answer(again, MessageType.Advertise, BETA, { address: ADDRESS, validSeconds: 60 }), 1200)
  expect(messageTypeName(sent(client, 1200).type)).toBe('REQUEST')
})

test('retransmissions keep the transaction and double the wait', () => {
  const { client } = setUp()
  client.arrive(0)
  const first = sent(client, 0)
  const at = [client.dueAtMs()!]
  for (let count = 0; count < 3; count += 1) {
    expect(sent(client, at.at(-1)!).transactionId).toBe(first.transactionId)
    at.push(client.dueAtMs()!)
  }
  expect(at.map(Math.round)).toEqual([1050, 3150, 7350, 15_750])
})

test('it renews at T1 with the server that gave the lease, and from T2 asks any server', () => {
  const { client, told } = bound()
  expect(client.act(31_999)).toBeUndefined()
  const renew = sent(client, 32_000)
  expect(messageTypeName(renew.type)).toBe('RENEW')
  expect(findOption(renew.options, serverIdOption)).toBe(ALPHA)
  const rebind = sent(client, 62_000)
  expect(messageTypeName(rebind.type)).toBe('REBIND')
  expect(findOption(rebind.options, serverIdOption)).toBeUndefined()
  client.receive(
    answer(rebind, MessageType.Reply, BETA, { address: ADDRESS, prefix: PREFIX, validSeconds: 60 }),
    62_010,
  )
  expect(client.server).toBe(BETA)
  expect(told[0]).toBe('answered rebind')
  expect(client.leases().map(({ untilMs }) => untilMs)).toEqual([122_010, 122_010])
})

test('a lease that runs out unanswered is lost, and the client solicits again', () => {
  const { client, told } = bound()
  sent(client, 32_000)
  sent(client, 62_000)
  expect(messageTypeName(sent(client, 122_000).type)).toBe('SOLICIT')
  expect(told).toEqual([`lost ${ADDRESS}`, `lost ${PREFIX}`])
})

test('a lease that a server takes back, or replaces by another, is lost', () => {
  const { client, told } = bound()
  const renew = sent(client, 32_000)
  client.receive(answer(renew, MessageType.Reply, ALPHA, { address: ADDRESS, validSeconds: 0 }), 32_010)
  expect(told).toEqual([`lost ${ADDRESS}`])
})

test('a server without the binding is asked for it again, and another lease in its place counts as a loss', () => {
  const { client, told } = bound()
  const renew = sent(client, 32_000)
  const refused = answer(renew, MessageType.Reply, ALPHA, { validSeconds: 0 })
  const status = option(statusCodeOption, { code: StatusCode.NoBinding, message: 'unknown' })
  const association = option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [status] })
  client.receive({ ...refused, options: [...refused.options, association] }, 32_010)
  const request = sent(client, 32_010)
  expect(messageTypeName(request.type)).toBe('REQUEST')
  expect(told).toEqual([])
  client.receive(
    answer(request, MessageType.Reply, ALPHA, { address: '2001:db8::99', prefix: PREFIX, validSeconds: 60 }),
    32_020,
  )
  expect(told).toContain(`lost ${ADDRESS}`)
  expect(told).not.toContain(`lost ${PREFIX}`)
})

test('a release ends the use of the leases at once, and is repeated only a few times', () => {
  const { client, told } = bound()
  client.leave(10_000)
  expect(told).toEqual([`dropped ${ADDRESS}`, `dropped ${PREFIX}`])
  let releases = 0
  for (let due = client.dueAtMs(); due !== undefined; due = client.dueAtMs()) {
    const message = client.act(due)
    if (message !== undefined) releases += 1
  }
  expect(releases).toBe(4)
  expect(client.state).toBe('absent')
})

test('an answer to another transaction or another client changes nothing', () => {
  const { client } = setUp()
  client.arrive(0)
  const solicit = sent(client, 0)
  const offer = answer(solicit, MessageType.Advertise, ALPHA, { address: ADDRESS, validSeconds: 60 })
  client.receive({ ...offer, transactionId: (offer.transactionId + 1) % 2 ** 24 }, 10)
  client.receive({ ...offer, options: [option(clientIdOption, BETA), ...offer.options.slice(1)] }, 10)
  expect(messageTypeName(sent(client, client.dueAtMs()!).type)).toBe('SOLICIT')
})

test('the ledger sees a lease that two clients hold at once, and only that', () => {
  const ledger = new LeaseLedger()
  ledger.grant(ADDRESS, 'one', 1000, 0)
  ledger.grant(ADDRESS, 'one', 2000, 500)
  ledger.grant(ADDRESS, 'two', 4000, 2000)
  expect(ledger.doubled).toEqual([])
  ledger.drop(ADDRESS, 'one')
  ledger.grant(ADDRESS, 'three', 5000, 3999)
  expect(ledger.doubled).toEqual([{ lease: ADDRESS, holder: 'two', alsoGivenTo: 'three', atMs: 3999 }])
  ledger.drop(ADDRESS, 'three')
  ledger.grant(ADDRESS, 'four', 9000, 4100)
  expect(ledger.doubled).toHaveLength(1)
  expect(ledger.held(8999)).toEqual([{ lease: ADDRESS, client: 'four', untilMs: 9000 }])
})
