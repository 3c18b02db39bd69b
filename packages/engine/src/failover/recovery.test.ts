/** What a server may do while it recovers, and what a break or a silence in the middle of it leads to (RFC 8156 sections 8.5 to 8.7). */
import { clientDataOption, duidFromHex, formatIpv6Address, MessageType, option } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, FailoverPair } from '../../test-support/failover-pair.ts'
import { clientSends, ia, leasesOf, named, to } from '../../test-support/pair-clients.ts'
import { ScriptedPartner } from '../../test-support/scripted-partner.ts'
import { addSeconds } from '../time/instant.ts'

/** The primary has come back without its disk to a secondary that went on; `pair.passes` decides how far it gets. */
function primaryLostItsDisk(passes: FailoverPair['passes'], leases = 0): FailoverPair {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  for (let client = 1; client <= leases; client += 1) pair.requestAddress('primary', client)
  pair.kill('primary')
  pair.loseStorage('primary')
  pair.run(1)
  pair.passes = passes
  pair.sent.length = 0
  pair.start('primary')
  return pair
}

/** Refused for what it lacks, but it has come. */
const emptyUpdate = option(clientDataOption, [])

const asked = (pair: FailoverPair): number => pair.sentText().filter((text) => text === 'P UPDREQALL').length

describe('RECOVER', () => {
  it('asks again after a break in the middle, and holds every lease in the end', () => {
    let updates = 0
    const pair = primaryLostItsDisk((_from, message) => message.type !== MessageType.Bndupd || (updates += 1) <= 5, 20)
    pair.run(2)
    expect(pair.states()).toBe('RECOVER / COMMUNICATIONS-INTERRUPTED')
    expect(pair.primary.bindings.size).toBe(5)
    expect(asked(pair)).toBe(1)
    pair.passes = () => true
    pair.cut()
    pair.run(4)
    expect(asked(pair)).toBe(2)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect([...pair.primary.bindings.keys()].toSorted()).toEqual([...pair.secondary.bindings.keys()].toSorted())
    expect(pair.primary.bindings.size).toBe(20)
  })

  it('gives a partner time as long as updates come, and drops it when nothing more does', () => {
    const partner = new ScriptedPartner('primary', { upddoneStallSeconds: 30 })
    partner.agree('NORMAL')
    expect(partner.seen.at(-1)).toBe('UPDREQALL')
    const silence = (seconds: number): void => {
      for (let passed = 0; passed < seconds; passed += 5) {
        partner.wait(5)
        if (partner.view().communicationsOk) partner.send(MessageType.Contact)
      }
    }
    for (let update = 0; update < 4; update += 1) {
      silence(25)
      partner.send(MessageType.Bndupd, [emptyUpdate])
    }
    expect(partner.view()).toMatchObject({ state: 'RECOVER', communicationsOk: true })
    silence(25)
    expect(partner.seen).not.toContain('CLOSE')
    silence(5)
    expect(partner.seen).toContain('CLOSE')
    expect(partner.view().connection.lastProblem).toContain('neither UPDDONE nor an update for 30 seconds')
  })
})

describe('RECOVER-WAIT', () => {
  it('ends at its time although the partner is out of reach', () => {
    const pair = primaryLostItsDisk(() => true)
    const startedAt = pair.now
    pair.run(2)
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
    pair.isNetworkUp = false
    pair.run(50)
    expect(pair.view('primary')).toMatchObject({ state: 'RECOVER-WAIT', communicationsOk: false })
    pair.run(10)
    expect(pair.view('primary')).toMatchObject({ state: 'RECOVER-DONE', communicationsOk: false })
    // No time of failure is known, so the start counts, and one MCLT of 60 seconds.
    expect(pair.primary.transitions.at(-1)).toMatchObject({ to: 'RECOVER-DONE', at: addSeconds(startedAt, 60) })
  })
})

describe('a partner that recovers', () => {
  it('is not declared down by the clock, however long it takes: it is in contact', () => {
    const pair = new FailoverPair({ both: { autoPartnerDownSeconds: 20 } })
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    pair.loseStorage('primary')
    pair.run(1)
    pair.start('primary')
    pair.run(50)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(pair.pathOf('secondary')).not.toContain('PARTNER-DOWN')
    pair.run(20)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})

describe('RECOVER-DONE', () => {
  function inRecoverDone(): FailoverPair {
    const pair = primaryLostItsDisk(() => true, 2)
    pair.run(3)
    pair.isNetworkUp = false
    pair.run(60)
    expect(pair.view('primary')).toMatchObject({ state: 'RECOVER-DONE', answers: 'own-identifier' })
    return pair
  }

  it('allocates nothing, not even to a client that asks by name', () => {
    const pair = inRecoverDone()
    const before = [...pair.primary.bindings.values()]
    pair.requestAddress('primary', 77)
    expect([...pair.primary.bindings.values()]).toEqual(before)
    expect(pair.primary.notices.at(-1)).toMatchObject({ kind: 'datagram-answered', answerType: 'REPLY' })
    expect(pair.primary.notices.at(-2)).toMatchObject({
      kind: 'allocation-failed',
      reason: 'In RECOVER-DONE no new lease may be given.',
    })
  })

  it('lets a client that renews keep its lease, and changes that lease alone', () => {
    const pair = inRecoverDone()
    const [first, ...others] = [...pair.primary.bindings.values()]
    expect(others).toHaveLength(1)
    const beganAt = pair.now
    const lease = named(formatIpv6Address(first?.prefix.address ?? address('::')))
    const client = first?.client?.duid ?? duidFromHex('00')
    const unknown = named('2001:db8:1::1abc')
    const answer = clientSends(pair, 'primary', MessageType.Renew, [
      ...to(pair, 'primary', client),
      ia(1, lease, unknown),
    ])
    expect(leasesOf(answer)).toEqual([formatIpv6Address(first?.prefix.address ?? address('::'))])
    const [renewed, ...untouched] = [...pair.primary.bindings.values()]
    expect(renewed).toMatchObject({ prefix: first?.prefix, status: 'ACTIVE', clientHeardAt: beganAt })
    expect(untouched).toEqual(others)
  })
})

describe('a failure in a state that answers nobody', () => {
  it('has the promises of the state before it to wait for, not those before an older failure', () => {
    const pair = new FailoverPair({ both: { initialState: 'partner-down' } })
    pair.isNetworkUp = false
    pair.startBoth()
    pair.run(100)
    expect(pair.states()).toBe('PARTNER-DOWN / PARTNER-DOWN')
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    pair.isNetworkUp = true
    pair.run(4)
    expect(pair.states()).toBe('POTENTIAL-CONFLICT / POTENTIAL-CONFLICT')
    const promisedUntil = pair.primary.endpoint?.lastPromiseAt ?? pair.now
    pair.kill('primary')
    pair.run(1)
    // By force: the primary had been alone too, and could not tell what it granted then.
    pair.declarePartnerDown('secondary', pair.view('secondary').state, true)
    pair.passes = () => true
    pair.start('primary')
    pair.run(3)
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
    pair.run(62)
    const done = pair.primary.transitions.findLast(({ to }) => to === 'RECOVER-DONE')
    expect(done?.at).toBe(addSeconds(promisedUntil, 60))
  })
})

describe('a lease that ended while its server lost a longer promise', () => {
  const acknowledgedSeconds = 200

  /** Given back to the secondary, while it may still hold a renewal by the primary within what was acknowledged. */
  function givenBackWhile(state: 'COMMUNICATIONS-INTERRUPTED' | 'PARTNER-DOWN') {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.requestAddress('primary')
    pair.run(2)
    const [key, lease] = [...pair.secondary.bindings][0] ?? []
    if (key === undefined || lease?.expirationTime === undefined) throw new Error('the secondary has acknowledged it')
    pair.kill('primary')
    pair.loseStorage('primary')
    if (state === 'PARTNER-DOWN') pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    pair.run(1)
    pair.kill('secondary')
    const acked = addSeconds(pair.now, acknowledgedSeconds)
    pair.secondary.bindings.set(key, {
      ...lease,
      status: 'RELEASED',
      statusSince: pair.now,
      statusExpiresAt: undefined,
      expirationTime: acked,
      owedToPartner: true,
    })
    pair.startBoth()
    return { pair, key, acked }
  }

  it('is waited for: the partner tells what it had acknowledged, and RECOVER-WAIT lasts until MCLT after that', () => {
    const { pair, key, acked } = givenBackWhile('COMMUNICATIONS-INTERRUPTED')
    pair.run(250)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(pair.secondary.bindings.get(key)?.status).toBe('RELEASED')
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    const done = pair.primary.transitions.findLast(({ to }) => to === 'RECOVER-DONE')
    // Times between the servers are whole seconds.
    expect(Math.abs((done?.at ?? 0) - addSeconds(acked, 60))).toBeLessThan(1000)
    expect(pair.secondary.bindings.get(key)?.status).toBe('FREE')
  })

  it('is not waited for when the server had been declared down before: it promised nothing after that', () => {
    const { pair } = givenBackWhile('PARTNER-DOWN')
    pair.run(50)
    expect(pair.states()).toBe('RECOVER-WAIT / PARTNER-DOWN')
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})
