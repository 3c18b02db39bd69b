/** A server that hears no client leaves its partner, keeps away while that lasts, and comes back (decision 0080). */
import { findOption, MessageType, StatusCode, statusCodeOption } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { ScriptedPartner } from '../../test-support/scripted-partner.ts'
import type { ListenerDown } from '../events.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { TEST_START } from '../../test-support/failover-pair.ts'
import { Blindness } from './blindness.ts'

const eth0Down: ListenerDown = { listenerId: 'eth0', reason: 'interface eth0 has no carrier' }
const eth1Down: ListenerDown = { listenerId: 'eth1', reason: 'interface eth1 is gone' }

function pairInNormal(changes: ConstructorParameters<typeof FailoverPair>[0] = {}): FailoverPair {
  const pair = new FailoverPair(changes)
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  return pair
}

function tell(pair: FailoverPair, role: 'primary' | 'secondary', down: readonly ListenerDown[]): void {
  pair.handle(role, { kind: 'listeners-changed', down })
  pair.settle()
}

describe('blindness', () => {
  const at = (seconds: number): Instant => addSeconds(TEST_START, seconds)

  it('begins with the last listener that falls silent and ends with the first that hears again', () => {
    const blindness = new Blindness(['eth0', 'eth1'])
    expect(blindness.update([eth0Down], at(1))).toBeUndefined()
    expect(blindness.update([eth0Down, eth1Down], at(2))).toBe('began')
    expect(blindness.since).toBe(at(2))
    expect(blindness.because).toBe(
      'This server hears no client: interface eth0 has no carrier; interface eth1 is gone.',
    )
    expect(blindness.update([eth1Down, eth0Down], at(3))).toBeUndefined()
    expect(blindness.since).toBe(at(2))
    expect(blindness.update([eth1Down], at(4))).toBe('ended')
    expect(blindness).toMatchObject({ since: undefined, listenersDown: [eth1Down] })
  })

  it('is not what a server without any listener has', () => {
    expect(new Blindness([]).update([], at(1))).toBeUndefined()
  })
})

describe.each(['primary', 'secondary'] as const)('a blind %s in NORMAL', (role) => {
  const other = role === 'primary' ? 'secondary' : 'primary'

  it('leaves by DISCONNECT that says why, and both serve without each other', () => {
    const pair = pairInNormal()
    pair.sent.length = 0
    tell(pair, role, [eth0Down])
    expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / COMMUNICATIONS-INTERRUPTED')
    expect(pair.view(other).answers).toBe('everyone')
    const [goodBye] = pair.sent
    expect(goodBye).toMatchObject({ from: role, message: { type: MessageType.Disconnect } })
    expect(findOption(goodBye?.message.options ?? [], statusCodeOption)).toEqual({
      code: StatusCode.UnspecFail,
      message: 'This server hears no client: interface eth0 has no carrier.',
    })
    expect(pair.server(other).transitions.at(-1)?.cause).toContain('hears no client: interface eth0 has no carrier')
    expect(pair.view(role).blind?.since).toBe(pair.now)
    expect(pair.server(role).notices).toContainEqual({ kind: 'listeners-changed', down: [eth0Down], blind: true })
  })

  it('stays away for as long as it is blind, and comes back by itself when it hears again', () => {
    const pair = pairInNormal()
    tell(pair, role, [eth0Down])
    pair.sent.length = 0
    pair.run(120)
    expect(pair.sent.filter(({ from }) => from === role)).toEqual([])
    tell(pair, role, [])
    pair.run(11)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.view(role).blind).toBeUndefined()
  })

  it('does not declare its partner down by a timer, which begins anew when it hears again', () => {
    const pair = pairInNormal({ both: { autoPartnerDownSeconds: 20 }, [other]: { autoPartnerDownSeconds: undefined } })
    tell(pair, role, [eth0Down])
    pair.run(60)
    expect(pair.view(role).state).toBe('COMMUNICATIONS-INTERRUPTED')
    pair.kill(other)
    tell(pair, role, [])
    pair.run(19)
    expect(pair.view(role).state).toBe('COMMUNICATIONS-INTERRUPTED')
    pair.run(2)
    expect(pair.view(role).state).toBe('PARTNER-DOWN')
  })

  it('stays in contact while one listener of several hears', () => {
    const pair = new FailoverPair()
    const { configuration } = pair.server(role)
    const listeners = [...configuration.listeners, { ...configuration.listeners[0]!, id: 'eth1' }]
    pair.server(role).configuration = { ...configuration, listeners }
    pair.startBoth()
    pair.run(3)
    tell(pair, role, [eth1Down])
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.server(role).notices).toContainEqual({ kind: 'listeners-changed', down: [eth1Down], blind: false })
  })
})

describe('a server that is blind from its start', () => {
  it('as primary does not dial, and does not leave STARTUP alone', () => {
    const partner = new ScriptedPartner('primary', { initialState: 'partner-down' })
    partner.seen.length = 0
    partner.handle({ kind: 'listeners-changed', down: [eth0Down] })
    partner.handle({ kind: 'dial-failed', relationship: 'pair', reason: 'refused' })
    partner.wait(60)
    expect(partner.seen).toEqual([])
    expect(partner.view().state).toBe('STARTUP')
    partner.handle({ kind: 'listeners-changed', down: [] })
    partner.wait(0)
    expect(partner.seen).toEqual(['DIAL'])
    partner.handle({ kind: 'dial-failed', relationship: 'pair', reason: 'refused' })
    partner.wait(4)
    expect(partner.view().state).toBe('STARTUP')
    partner.wait(1)
    expect(partner.view().state).toBe('PARTNER-DOWN')
  })

  it('as primary drops the connection that was being dialled', () => {
    const partner = new ScriptedPartner('primary')
    partner.seen.length = 0
    partner.handle({ kind: 'listeners-changed', down: [eth0Down] })
    partner.open()
    expect(partner.seen).toEqual(['CLOSE'])
  })

  it('as secondary closes what its partner opens, before and after CONNECT, and answers nothing', () => {
    const partner = new ScriptedPartner('secondary')
    partner.open()
    partner.handle({ kind: 'listeners-changed', down: [eth0Down] })
    expect(partner.seen).toEqual(['CLOSE'])
    partner.send(MessageType.Connect, partner.connectOptions())
    partner.open()
    partner.send(MessageType.Connect, partner.connectOptions())
    expect(partner.seen).toEqual(['CLOSE', 'CLOSE'])
    partner.handle({ kind: 'listeners-changed', down: [] })
    partner.agree('RECOVER')
    expect(partner.seen.slice(2, 4)).toEqual(['CONNECTREPLY', 'STATE'])
  })

  it('stays away across a gap in time', () => {
    const partner = new ScriptedPartner('primary')
    partner.handle({ kind: 'listeners-changed', down: [eth0Down] })
    partner.seen.length = 0
    const from = partner.now
    partner.wait(30)
    partner.handle({ kind: 'time-gap', from })
    partner.wait(30)
    expect(partner.seen).toEqual([])
  })
})
