/** Active standby: in NORMAL the secondary offers to new clients beside its primary, and to no one else (decision 0082). */
import {
  clientIdOption,
  decodeDatagram,
  duidFromHex,
  elapsedTimeOption,
  encodeDatagram,
  findOption,
  iaAddressOption,
  iaNaOption,
  MessageType,
  messageTypeName,
  option,
  preferenceOption,
  rapidCommitOption,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
  type OptionInstance,
} from '@tandem/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { Role } from '../configuration/configuration.ts'

const client = duidFromHex('000300010200000000aa')

let pair: FailoverPair

function start(activeStandby: boolean): void {
  pair = new FailoverPair({ both: { activeStandby } })
  for (const server of [pair.primary, pair.secondary]) {
    const { configuration } = server
    server.configuration = {
      ...configuration,
      subnets: configuration.subnets.map((subnet) => ({ ...subnet, rapidCommit: true })),
    }
  }
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
}

beforeEach(() => start(true))

function ask(role: Role, type: number, more: readonly OptionInstance[] = []): ClientServerMessage | undefined {
  const options = [
    option(clientIdOption, client),
    option(elapsedTimeOption, 0),
    option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [] }),
    ...more,
  ]
  const effects = pair.handle(role, {
    kind: 'datagram-received',
    listenerId: 'eth0',
    from: { address: 'fe80::1%eth0', port: 546 },
    bytes: encodeDatagram({ kind: 'client-server', type, transactionId: 7, options }),
    arrivedAt: pair.now,
  })
  pair.settle()
  const sent = effects?.afterCommit.find((output) => output.kind === 'send-datagram')
  if (sent?.kind !== 'send-datagram') return undefined
  const decoded = decodeDatagram(sent.bytes)
  if (!decoded.ok || decoded.value.kind !== 'client-server') throw new Error('an answer can be read')
  return decoded.value
}

const typeOf = (answer: ClientServerMessage | undefined) =>
  answer === undefined ? 'silence' : messageTypeName(answer.type)

function addressIn(answer: ClientServerMessage | undefined): bigint | undefined {
  const ia = answer === undefined ? undefined : findOption(answer.options, iaNaOption)
  return ia === undefined ? undefined : findOption(ia.options, iaAddressOption)?.address
}

const preferenceIn = (answer: ClientServerMessage | undefined) =>
  answer === undefined ? undefined : findOption(answer.options, preferenceOption)

const named = (server: Duid) => option(serverIdOption, server)

describe('an active standby in NORMAL', () => {
  it('offers an address of its own half at the lowest preference, and the primary one of its own at the highest', () => {
    const bySecondary = ask('secondary', MessageType.Solicit)
    expect(typeOf(bySecondary)).toBe('ADVERTISE')
    expect(preferenceIn(bySecondary)).toBe(0)
    expect((addressIn(bySecondary) ?? 1n) & 1n).toBe(0n)
    const byPrimary = ask('primary', MessageType.Solicit)
    expect(preferenceIn(byPrimary)).toBe(255)
    expect((addressIn(byPrimary) ?? 0n) & 1n).toBe(1n)
  })

  it('grants to the client that then names it, under the bound of the MCLT, and tells the primary', () => {
    const offered = addressIn(ask('secondary', MessageType.Solicit))
    const reply = ask('secondary', MessageType.Request, [named(pair.secondary.configuration.serverDuid)])
    expect(typeOf(reply)).toBe('REPLY')
    expect(addressIn(reply)).toBe(offered)
    const lease = [...pair.primary.bindings.values()].find(({ status }) => status === 'ACTIVE')
    expect(lease?.prefix.address).toBe(offered)
    expect([...pair.secondary.bindings.values()][0]).toMatchObject({ validSeconds: 60, owedToPartner: false })
  })

  it('never commits rapidly, while its primary does', () => {
    const rapid = [option(rapidCommitOption, true)]
    expect(typeOf(ask('secondary', MessageType.Solicit, rapid))).toBe('ADVERTISE')
    expect(pair.secondary.bindings.size).toBe(0)
    expect(typeOf(ask('primary', MessageType.Solicit, rapid))).toBe('REPLY')
  })

  it('leaves REBIND, CONFIRM and INFORMATION-REQUEST to its primary', () => {
    pair.requestAddress('secondary', 1)
    const seen = [MessageType.Rebind, MessageType.Confirm, MessageType.InformationRequest].map((type) =>
      typeOf(ask('secondary', type)),
    )
    expect(seen).toEqual(['silence', 'silence', 'silence'])
  })

  it('says nothing where it has nothing to offer', () => {
    const { configuration } = pair.secondary
    const pool = configuration.subnets[0]?.addressPools[0]
    if (pool === undefined) throw new Error('there is a pool')
    pair.secondary.configuration = {
      ...configuration,
      subnets: configuration.subnets.map((subnet) => ({
        ...subnet,
        // One odd address: of the primary's half.
        addressPools: [{ ...pool, first: pool.last, last: pool.last }],
      })),
    }
    pair.kill('secondary')
    pair.start('secondary')
    pair.run(12)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(typeOf(ask('secondary', MessageType.Solicit))).toBe('silence')
  })

  it('answers like any other out of contact, rapid commit included', () => {
    pair.isNetworkUp = false
    pair.run(10)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(typeOf(ask('secondary', MessageType.Solicit, [option(rapidCommitOption, true)]))).toBe('REPLY')
  })
})

describe('without the option', () => {
  it('the secondary is silent, and nobody sends a preference', () => {
    start(false)
    expect(typeOf(ask('secondary', MessageType.Solicit))).toBe('silence')
    expect(preferenceIn(ask('primary', MessageType.Solicit))).toBeUndefined()
  })
})

it('offers nothing while it is being handed over', () => {
  pair.passes = (_from, message) => message.type !== MessageType.Bndreply
  pair.requestAddress('secondary', 3)
  expect(ask('secondary', MessageType.Solicit)?.type).toBe(MessageType.Advertise)
  pair.command('secondary', { kind: 'hand-over', relationship: 'pair', reason: 'new memory' })
  expect(pair.view('secondary')).toMatchObject({ state: 'NORMAL', answers: 'nobody' })
  expect(ask('secondary', MessageType.Solicit)).toBeUndefined()
})
