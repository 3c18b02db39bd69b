/** Service handed to the partner for maintenance, and taken back (decision 0089). */
import {
  clientIdOption,
  duidFromHex,
  findOption,
  findOptions,
  iaNaOption,
  MessageType,
  option,
  StatusCode,
  statusCodeOption,
} from '@tandem/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { clientSends, ia, leasesOf, to } from '../../test-support/pair-clients.ts'
import type { CommandResult } from '../effects.ts'

const alice = duidFromHex('0003000102000000aaaa')

let pair: FailoverPair

beforeEach(() => {
  pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
})

type Side = 'primary' | 'secondary'

function command(role: Side, kind: 'hand-over' | 'take-back', reason = 'new memory'): CommandResult | undefined {
  return pair.command(role, { kind, relationship: 'pair', reason })
}

function solicit(role: Side) {
  return clientSends(pair, role, MessageType.Solicit, [option(clientIdOption, alice), ia(1)])
}

describe.each(['primary', 'secondary'] as const)('a %s in NORMAL that is handed over', (role) => {
  const other = role === 'primary' ? 'secondary' : 'primary'

  it('says good-bye with the reason and is silent, and its partner answers everyone', () => {
    pair.sent.length = 0
    expect(command(role, 'hand-over')).toMatchObject({ ok: true })
    const goodBye = pair.sent.findLast(({ from }) => from === role)
    expect(goodBye?.message.type).toBe(MessageType.Disconnect)
    expect(findOption(goodBye?.message.options ?? [], statusCodeOption)).toEqual({
      code: StatusCode.ServerShuttingDown,
      message: 'The server is handed over for maintenance by ann: new memory',
    })
    expect(pair.view(role)).toMatchObject({ answers: 'nobody', handedOver: { operator: 'ann', reason: 'new memory' } })
    expect(pair.view(other)).toMatchObject({ state: 'COMMUNICATIONS-INTERRUPTED', answers: 'everyone' })
    expect(solicit(role)).toBeUndefined()
    expect(leasesOf(solicit(other))).toHaveLength(1)
    pair.run(120)
    expect(pair.view(role).communicationsOk).toBe(false)
  })

  it('stays so over its restart, and is back in NORMAL when it is taken back', () => {
    command(role, 'hand-over')
    pair.kill(role)
    pair.start(role)
    pair.run(60)
    expect(pair.view(role)).toMatchObject({ state: 'STARTUP', answers: 'nobody', handedOver: { operator: 'ann' } })
    expect(command(role, 'take-back')).toMatchObject({ ok: true })
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.view(role).handedOver).toBeUndefined()
  })

  it('looks for its partner before it serves again, and recovers from one that was declared to serve alone', () => {
    command(role, 'hand-over')
    pair.run(1)
    expect(pair.declarePartnerDown(other, 'COMMUNICATIONS-INTERRUPTED')).toMatchObject({ ok: true })
    pair.requestAddress(other, 7)
    pair.run(120)
    pair.server(role).transitions.length = 0
    command(role, 'take-back')
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.pathOf(role).slice(0, 3)).toEqual(['STARTUP', 'RECOVER', 'RECOVER-WAIT'])
    expect([...pair.server(role).bindings.values()].some(({ status }) => status === 'ACTIVE')).toBe(true)
  })

  it('serves alone after its start-up time where the partner is gone when it is taken back', () => {
    command(role, 'hand-over')
    pair.kill(other)
    expect(command(role, 'take-back')).toMatchObject({ ok: true })
    pair.run(4)
    expect(pair.view(role)).toMatchObject({ state: 'STARTUP', answers: 'nobody' })
    // A secondary also waits for as long as a primary that was refused may wait before it dials again.
    pair.run(role === 'primary' ? 2 : 12)
    expect(pair.view(role)).toMatchObject({ state: 'COMMUNICATIONS-INTERRUPTED', answers: 'everyone' })
  })

  it('is not declared alone, neither by an operator nor by a timer', () => {
    command(role, 'hand-over')
    expect(pair.declarePartnerDown(role, pair.view(role).state, true)).toMatchObject({
      ok: false,
      refusal: 'state-does-not-allow',
    })
    expect(pair.view(role).commands.declarePartnerDown).toMatchObject({ allowed: false })
  })

  it('keeps away when it hears clients again before it is taken back', () => {
    command(role, 'hand-over')
    pair.handle(role, { kind: 'listeners-changed', down: [{ listenerId: 'eth0', reason: 'eth0 has no carrier' }] })
    pair.handle(role, { kind: 'listeners-changed', down: [] })
    pair.run(30)
    expect(pair.view(role)).toMatchObject({ communicationsOk: false, answers: 'nobody' })
    pair.handle(role, { kind: 'listeners-changed', down: [{ listenerId: 'eth0', reason: 'eth0 has no carrier' }] })
    command(role, 'take-back')
    pair.run(30)
    expect(pair.view(role).communicationsOk).toBe(false)
    pair.handle(role, { kind: 'listeners-changed', down: [] })
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('sends on who took its offer, and leaves a renewal to the partner', () => {
    const offered = clientSends(pair, role, MessageType.Request, [...to(pair, role, alice), ia(1)])
    expect(leasesOf(offered)).toHaveLength(1)
    pair.run(1)
    command(role, 'hand-over')
    const refused = clientSends(pair, role, MessageType.Request, [...to(pair, role, alice), ia(2)])
    const [identity] = findOptions(refused?.options ?? [], iaNaOption)
    expect(findOption(identity?.options ?? [], statusCodeOption)?.code).toBe(StatusCode.NoAddrsAvail)
    expect(clientSends(pair, role, MessageType.Renew, [...to(pair, role, alice), ia(1)])).toBeUndefined()
  })
})

it('the partner answers what it left to the primary while that was leaving', () => {
  solicit('secondary')
  pair.secondary.notices.length = 0
  command('primary', 'hand-over')
  expect(pair.secondary.notices).toContainEqual(
    expect.objectContaining({ kind: 'datagram-answered', requestType: 'SOLICIT' }),
  )
})

describe('while the partner is being told', () => {
  beforeEach(() => {
    pair.passes = (_from, message) => message.type !== MessageType.Bndreply
    pair.requestAddress('primary')
  })

  it('nobody is answered, and without its acknowledgement service goes on', () => {
    expect(command('primary', 'hand-over')).toBeUndefined()
    expect(pair.view('primary')).toMatchObject({ state: 'NORMAL', answers: 'nobody', handedOver: undefined })
    pair.run(1)
    expect(pair.primary.answers.get('command-1')).toMatchObject({ ok: false, refusal: 'partner-not-told' })
    expect(pair.view('primary')).toMatchObject({ state: 'NORMAL', answers: 'everyone', communicationsOk: true })
  })

  it('a loss of contact ends it, and this server serves', () => {
    command('primary', 'hand-over')
    pair.cut()
    pair.run(1)
    expect(pair.primary.answers.get('command-1')).toMatchObject({ ok: false, refusal: 'partner-not-told' })
    expect(pair.view('primary')).toMatchObject({ answers: 'everyone', handedOver: undefined })
  })

  it('is done as soon as it has acknowledged', () => {
    command('primary', 'hand-over')
    pair.passes = () => true
    pair.cut()
    pair.run(4)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(command('primary', 'hand-over')).toMatchObject({ ok: true })
  })
})

describe('while the partner is being told, further', () => {
  beforeEach(() => {
    pair.passes = (_from, message) => message.type !== MessageType.Bndreply
    pair.requestAddress('primary')
    command('primary', 'hand-over')
  })

  it('the end of contact is the end of it at once, not a moment later', () => {
    pair.cut()
    expect(pair.primary.answers.get('command-1')).toMatchObject({ ok: false, refusal: 'partner-not-told' })
    expect(pair.view('primary').answers).toBe('everyone')
  })

  it('a shut-down answers whoever asked, and nothing is handed over', () => {
    pair.command('primary', { kind: 'shut-down' })
    pair.run(3)
    expect(pair.primary.answers.get('command-1')).toMatchObject({ ok: false, refusal: 'partner-not-told' })
    expect(pair.primary.hasShutDown).toBe(true)
    expect(pair.primary.endpoint?.handedOver).toBeUndefined()
  })
})

it('what is owed is told at once, without waiting for the scan', () => {
  pair.passes = (_from, message) => message.type !== MessageType.Bndupd
  pair.requestAddress('primary')
  pair.cut()
  pair.passes = () => true
  pair.run(4)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  expect(command('primary', 'hand-over')).toMatchObject({ ok: true })
})

it('a primary whose partner is handed over goes on looking for it at its usual pace', () => {
  command('secondary', 'hand-over')
  pair.run(30)
  pair.sent.length = 0
  pair.run(6)
  expect(pair.sent.filter(({ message }) => message.type === MessageType.Connect).length).toBeGreaterThanOrEqual(2)
  expect(pair.view('primary').connection.lastProblem).toContain('handed over for maintenance by ann: new memory')
  command('secondary', 'take-back')
  pair.kill('secondary')
  pair.start('secondary')
  pair.run(4)
  expect(pair.states()).toBe('NORMAL / NORMAL')
})

describe('what is refused', () => {
  it('is a hand-over to a partner out of contact, and a second one', () => {
    pair.kill('secondary')
    expect(command('primary', 'hand-over')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
    pair.start('secondary')
    pair.run(3)
    expect(command('primary', 'hand-over')).toMatchObject({ ok: true })
    expect(command('primary', 'hand-over')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
  })

  it('is taking back what was not handed over', () => {
    expect(command('primary', 'take-back')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
  })
})
