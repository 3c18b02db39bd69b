/** Two whole engines against each other: first start, loss of contact, recovery, shut-down (RFC 8156 section 8). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { addSeconds } from '../time/instant.ts'

function normalPair(changes?: ConstructorParameters<typeof FailoverPair>[0]): FailoverPair {
  const pair = new FailoverPair(changes)
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  return pair
}

describe('two new servers', () => {
  it('reach NORMAL by themselves without waiting for MCLT', () => {
    const pair = normalPair()
    expect(pair.pathOf('primary')[0]).toBe('RECOVER')
    expect(pair.pathOf('primary')).toContain('RECOVER-DONE')
    expect(pair.sentText()).toContain('S UPDREQ')
    expect(pair.sentText()).not.toContain('S UPDREQALL')
  })

  it('do not leave NORMAL again for the echo of a state that the partner has already left', () => {
    const pair = normalPair()
    for (const role of ['primary', 'secondary'] as const) {
      const path = pair.pathOf(role)
      expect(path.filter((state) => state === 'NORMAL')).toHaveLength(1)
      expect(path.at(-1)).toBe('NORMAL')
    }
  })

  it('secure the connection before CONNECT where TLS is configured', () => {
    const pair = normalPair({ both: { transport: 'tls' } })
    expect(pair.sentText().slice(0, 5)).toEqual(['P STARTTLS', 'S REPLY', 'P CONNECT', 'S CONNECTREPLY', 'S STATE'])
    expect(pair.view('primary').connection.secured).toBe(true)
    expect(pair.view('secondary').connection.secured).toBe(true)
  })

  it('stay in RECOVER while the partner has never been heard', () => {
    const pair = new FailoverPair()
    pair.start('primary')
    pair.run(20)
    expect(pair.view('primary')).toMatchObject({ state: 'RECOVER', answers: 'nobody' })
  })

  it('let one serve alone after an unanswered start-up where that is configured', () => {
    const pair = new FailoverPair({ primary: { initialState: 'partner-down' } })
    pair.start('primary')
    pair.run(4)
    expect(pair.view('primary').state).toBe('STARTUP')
    pair.run(2)
    expect(pair.view('primary')).toMatchObject({ state: 'PARTNER-DOWN', answers: 'everyone' })
    pair.start('secondary')
    pair.run(6)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('let one serve alone even though its first start was cut short', () => {
    const pair = new FailoverPair({ primary: { initialState: 'partner-down' } })
    pair.start('primary')
    pair.run(2)
    pair.kill('primary')
    pair.start('primary')
    pair.run(6)
    expect(pair.view('primary')).toMatchObject({ state: 'PARTNER-DOWN', answers: 'everyone' })
  })

  it('both configured to serve alone compare what they granted', () => {
    const pair = new FailoverPair({ both: { initialState: 'partner-down' } })
    pair.isNetworkUp = false
    pair.startBoth()
    pair.run(8)
    expect(pair.states()).toBe('PARTNER-DOWN / PARTNER-DOWN')
    pair.isNetworkUp = true
    pair.run(8)
    expect(pair.pathOf('primary')).toEqual(expect.arrayContaining(['POTENTIAL-CONFLICT', 'CONFLICT-DONE']))
    expect(pair.pathOf('secondary')).toContain('POTENTIAL-CONFLICT')
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})

describe('a break of the connection', () => {
  it('interrupts both at once and joins them again after the reconnect interval', () => {
    const pair = normalPair()
    pair.cut()
    expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / COMMUNICATIONS-INTERRUPTED')
    const alarms = pair.primary.notices.filter((notice) => notice.kind === 'failover-state-changed' && notice.alarm)
    expect(alarms).toHaveLength(1)
    pair.run(3)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('is noticed by silence when TCP says nothing', () => {
    const pair = normalPair()
    pair.isNetworkUp = false
    pair.run(6)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    pair.run(4)
    expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / COMMUNICATIONS-INTERRUPTED')
  })

  it('does not happen on an idle connection, because CONTACT keeps it alive', () => {
    const pair = normalPair()
    const before = pair.sent.length
    pair.run(40)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    const later = pair.sentText().slice(before)
    expect(later.filter((text) => text === 'P CONTACT').length).toBeGreaterThanOrEqual(19)
    expect(later.filter((text) => text === 'S CONTACT').length).toBeGreaterThanOrEqual(19)
  })

  it('leads to PARTNER-DOWN by itself where that is configured, and not while the partner is in contact', () => {
    const pair = normalPair({ secondary: { autoPartnerDownSeconds: 20 } })
    pair.kill('primary')
    pair.run(19)
    expect(pair.view('secondary').deadlines.map(({ kind }) => kind)).toContain('auto-partner-down')
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    pair.run(2)
    expect(pair.view('secondary').state).toBe('PARTNER-DOWN')
  })
})

describe('the auto-partner-down timer', () => {
  it('is cancelled by contact, and begins anew with the next loss', () => {
    const pair = normalPair({ secondary: { autoPartnerDownSeconds: 20 } })
    pair.kill('primary')
    pair.run(15)
    pair.start('primary')
    pair.run(10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.view('secondary').deadlines.map(({ kind }) => kind)).not.toContain('auto-partner-down')
    pair.kill('primary')
    pair.run(19)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    pair.run(2)
    expect(pair.view('secondary').state).toBe('PARTNER-DOWN')
    expect(pair.secondary.transitions.at(-1)).toMatchObject({
      cause: 'The partner was out of contact for 20 seconds.',
      operator: undefined,
    })
  })

  it('rests while a recovering partner is in contact, although the state stays', () => {
    const pair = normalPair({ secondary: { autoPartnerDownSeconds: 20 } })
    pair.kill('primary')
    pair.run(5)
    pair.loseStorage('primary')
    pair.start('primary')
    pair.run(40)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(pair.view('secondary').deadlines.map(({ kind }) => kind)).not.toContain('auto-partner-down')
    pair.run(30)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})

describe('a server that comes back', () => {
  it('recovers from a partner in PARTNER-DOWN, waits for its own promises and joins', () => {
    const pair = normalPair()
    pair.kill('primary')
    const failedAt = pair.now
    pair.run(5)
    expect(pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')).toMatchObject({ ok: true })
    pair.run(5)
    pair.start('primary')
    pair.run(3)
    expect(pair.states()).toBe('RECOVER-WAIT / PARTNER-DOWN')
    const waits = pair.view('primary').deadlines.find(({ kind }) => kind === 'recover-wait-ends')
    // TIME-OF-FAILURE is the durable bound of its running, at most three seconds after the kill.
    expect(waits?.at).toBeLessThanOrEqual(addSeconds(failedAt, 63))
    pair.run(70)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.pathOf('primary').slice(-4)).toEqual(['RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE', 'NORMAL'])
    expect(pair.sentText()).not.toContain('P UPDREQALL')
  })

  it('asks for everything when its disk is empty and the partner remembers it', () => {
    const pair = normalPair()
    pair.kill('primary')
    pair.loseStorage('primary')
    pair.run(2)
    pair.start('primary')
    pair.run(2)
    expect(pair.sentText()).toContain('P UPDREQALL')
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    pair.run(65)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('asks for everything again when it is killed in the middle of it', () => {
    const pair = normalPair()
    pair.kill('primary')
    pair.loseStorage('primary')
    pair.run(2)
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    pair.start('primary')
    pair.run(2)
    expect(pair.states()).toBe('RECOVER / COMMUNICATIONS-INTERRUPTED')
    pair.kill('primary')
    pair.passes = () => true
    pair.run(2)
    pair.sent.length = 0
    pair.start('primary')
    pair.run(3)
    expect(pair.sentText()).toContain('P UPDREQALL')
  })

  it('goes on with its recovery when it is killed in RECOVER-WAIT', () => {
    const pair = normalPair()
    pair.kill('primary')
    pair.run(2)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    pair.run(5)
    pair.start('primary')
    pair.run(3)
    const waits = pair.view('primary').deadlines.find(({ kind }) => kind === 'recover-wait-ends')
    pair.kill('primary')
    pair.run(5)
    pair.start('primary')
    pair.run(3)
    expect(pair.states()).toBe('RECOVER-WAIT / PARTNER-DOWN')
    expect(pair.view('primary').deadlines.find(({ kind }) => kind === 'recover-wait-ends')).toEqual(waits)
  })

  it('compares when the partner declared it down before it stopped', () => {
    const pair = normalPair()
    pair.isNetworkUp = false
    pair.run(10)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    pair.run(30)
    // It has gone on serving meanwhile; its last commit is later than the declaration.
    pair.primary.lastCommitAt = pair.now
    pair.kill('primary')
    pair.isNetworkUp = true
    pair.start('primary')
    pair.run(2)
    expect(pair.pathOf('primary')).toContain('POTENTIAL-CONFLICT')
    expect(pair.pathOf('secondary')).toContain('POTENTIAL-CONFLICT')
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('returns from a restart without a declaration by COMMUNICATIONS-INTERRUPTED', () => {
    const pair = normalPair()
    pair.kill('secondary')
    pair.run(1)
    pair.start('secondary')
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.pathOf('secondary').slice(-2)).toEqual(['COMMUNICATIONS-INTERRUPTED', 'NORMAL'])
  })

  it('has its start on disk although it is suspended in the middle of it', () => {
    const pair = new FailoverPair()
    pair.start('primary')
    pair.handle('primary', { kind: 'time-gap', from: pair.now })
    pair.run(1)
    expect(pair.view('primary').state).toBe('STARTUP')
    expect(pair.primary.endpoint).toMatchObject({ state: 'RECOVER', communicated: false })
  })

  it('begins again after a gap in time, without what its clock did meanwhile', () => {
    const pair = normalPair()
    const from = pair.now
    pair.run(1)
    pair.handle('primary', { kind: 'time-gap', from })
    expect(pair.view('primary')).toMatchObject({ state: 'STARTUP', answers: 'nobody', communicationsOk: false })
    expect(pair.primary.endpoint?.timeOfFailure).toBe(from)
    pair.cut()
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})

describe('a shut-down', () => {
  it('says good-bye with ServerShuttingDown and answers nobody any more', () => {
    const pair = normalPair()
    expect(pair.command('secondary', { kind: 'shut-down' })).toMatchObject({ ok: true })
    expect(pair.secondary.hasShutDown).toBe(true)
    expect(pair.sentText().at(-1)).toBe('S DISCONNECT')
    expect(pair.view('secondary').answers).toBe('nobody')
    expect(pair.view('primary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(pair.view('primary').connection.lastProblem).toContain('ServerShuttingDown')
  })

  it('waits for the acknowledgement of what is owed before it says good-bye', () => {
    const pair = normalPair()
    pair.passes = (_from, message) => message.type !== MessageType.Bndreply
    pair.requestAddress('primary')
    expect(pair.view('primary').updatesOwed).toBe(1)
    pair.command('primary', { kind: 'shut-down' })
    expect(pair.primary.hasShutDown).toBe(false)
    expect(pair.sentText()).not.toContain('P DISCONNECT')
    pair.requestAddress('primary', 2)
    expect(pair.view('primary').updatesOwed).toBe(1)
    pair.run(2)
    expect(pair.primary.hasShutDown).toBe(true)
    expect(pair.sentText().at(-1)).toBe('P DISCONNECT')
    expect(pair.primary.answers.get('command-1')).toMatchObject({ ok: true })
  })

  it('is over at once when the last acknowledgement has come', () => {
    const pair = normalPair()
    pair.requestAddress('primary')
    expect(pair.view('primary').updatesOwed).toBe(0)
    pair.command('primary', { kind: 'shut-down' })
    expect(pair.primary.hasShutDown).toBe(true)
    expect([...pair.secondary.bindings.values()].map((binding) => binding.status)).toEqual(['ACTIVE'])
  })

  it('makes the primary try less often', () => {
    const pair = normalPair()
    pair.command('secondary', { kind: 'shut-down' })
    expect(pair.view('primary').deadlines).toContainEqual({ kind: 'redial', at: addSeconds(pair.now, 10) })
  })
})

describe('a stalled partner', () => {
  it('is dropped when UPDDONE does not come, and asked again', () => {
    const pair = normalPair()
    pair.kill('primary')
    pair.loseStorage('primary')
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    pair.start('primary')
    pair.run(20)
    pair.passes = () => true
    pair.run(15)
    expect(pair.sentText().filter((text) => text === 'P UPDREQALL').length).toBe(2)
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
  })
})
