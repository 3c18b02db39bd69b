/** The face of the failover side: policy by state, commands with their records, what the snapshot promises, stalls. */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair, testConfiguration, testRelationship, TEST_START } from '../../test-support/failover-pair.ts'
import { createPools } from '../allocation/create-pools.ts'
import { BindingTable } from '../bindings/binding-table.ts'
import { Step } from '../step.ts'
import { addSeconds } from '../time/instant.ts'
import { createFailover } from './create-failover.ts'
import type { Failover } from './failover.ts'

function alone(changes: Parameters<typeof testRelationship>[1]): { failover: Failover; table: BindingTable } {
  const configuration = testConfiguration(testRelationship('primary', changes))
  const table = new BindingTable(() => undefined)
  const pools = createPools(configuration, table)
  const failover = createFailover({
    configuration,
    table,
    pools,
    restored: new Map(),
    restoredReservations: new Map(),
    lastCommitAt: undefined,
    ranUntil: undefined,
    startedAt: TEST_START,
  })
  return { failover, table }
}

describe('the service policy', () => {
  it('serves a subnet without a relationship alone, from the whole pool and without a bound', () => {
    const { policy } = alone({}).failover
    expect(policy.answers(undefined)).toBe('everyone')
    expect(policy.mayAllocate(undefined)).toEqual({ ok: true })
    expect(policy.allocation(undefined)).toEqual({ kind: 'whole-pool' })
    expect(policy.lifetime(undefined, undefined, 7200, TEST_START)).toMatchObject({
      validSeconds: 7200,
      rule: { mcltSeconds: undefined, state: undefined },
    })
  })

  it('is silent in STARTUP', () => {
    const { policy } = alone({}).failover
    expect(policy.answers('pair')).toBe('nobody')
    expect(policy.mayAllocate('pair')).toMatchObject({ ok: false, rule: 'RFC 8156 8.3.1' })
    expect(policy.allocation('pair').kind).toBe('none')
  })

  it('in PARTNER-DOWN has no bound, and names when the prefixes of the partner may be used', () => {
    const { failover, table } = alone({ initialState: 'partner-down', mcltSeconds: 60 })
    const downAt = addSeconds(TEST_START, 5)
    failover.runDeadlines(new Step(downAt, table))
    expect(failover.policy.answers('pair')).toBe('everyone')
    expect(failover.policy.lifetime('pair', undefined, 7200, downAt)).toMatchObject({ validSeconds: 7200 })
    expect(failover.policy.allocation('pair')).toEqual({
      kind: 'own',
      role: 'primary',
      partnersPrefixesFrom: addSeconds(downAt, 60),
    })
    expect(failover.snapshot(downAt)[0]?.deadlines).toContainEqual({
      kind: 'partner-pool-usable',
      at: addSeconds(downAt, 60),
    })
  })
})

describe('the policy of a pair', () => {
  it('bounds leases in PARTNER-DOWN from the moment the recovering partner is heard, also when it is gone again', () => {
    const pair = new FailoverPair({ both: { mcltSeconds: 60 } })
    pair.startBoth()
    pair.run(3)
    pair.kill('secondary')
    pair.run(5)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    pair.requestAddress('primary', 1)
    pair.start('secondary')
    pair.run(3)
    expect(pair.states()).toBe('PARTNER-DOWN / RECOVER-WAIT')
    expect(pair.view('primary').deadlines.map(({ kind }) => kind)).not.toContain('partner-pool-usable')
    pair.requestAddress('primary', 2)
    pair.kill('secondary')
    pair.run(5)
    pair.requestAddress('primary', 3)
    const granted = [...pair.primary.bindings.values()].filter(({ status }) => status === 'ACTIVE')
    const [alone, ...later] = granted.map(({ validSeconds }) => validSeconds)
    expect(alone).toBeGreaterThan(60)
    expect(later).toEqual([60, 60])
  })

  it('bounds new leases by MCLT in NORMAL, and lets the secondary answer only by name', () => {
    const pair = new FailoverPair({ both: { mcltSeconds: 60 } })
    pair.startBoth()
    pair.run(3)
    expect(pair.view('primary').answers).toBe('everyone')
    expect(pair.view('secondary').answers).toBe('own-identifier')
    pair.requestAddress('primary')
    const granted = [...pair.primary.bindings.values()].find(({ status }) => status === 'ACTIVE')
    expect(granted).toMatchObject({ validSeconds: 60, owedToPartner: false })
    expect(granted?.prefix.address).toSatisfy((address: bigint) => (address & 1n) === 1n)
    expect(pair.secondary.bindings.size).toBe(1)
  })
})

describe('a command', () => {
  it('is recorded with operator, reason and outcome, and told with its rule', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    const effects = pair.handle('secondary', {
      kind: 'command-received',
      commandId: 'c-1',
      operator: 'ann',
      command: {
        kind: 'declare-partner-down',
        relationship: 'pair',
        reason: 'it burns',
        seenState: 'COMMUNICATIONS-INTERRUPTED',
        force: false,
      },
    })
    expect(effects?.commit.map(({ kind }) => kind).sort()).toEqual(['audit-added', 'endpoint-put', 'transition-added'])
    expect(effects?.commit.find(({ kind }) => kind === 'audit-added')).toMatchObject({
      audit: { operator: 'ann', reason: 'it burns', outcome: 'done', commandId: 'c-1' },
    })
    expect(pair.secondary.transitions.at(-1)).toMatchObject({ operator: 'ann', rule: 'RFC 8156 8.9.2' })
    expect(pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')).toMatchObject({ ok: true })
    expect(pair.secondary.transitions.filter(({ to }) => to === 'PARTNER-DOWN')).toHaveLength(1)
  })

  it('for a relationship that does not exist is refused', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    const result = pair.command('primary', {
      kind: 'declare-partner-down',
      relationship: 'nobody',
      reason: 'x',
      seenState: 'NORMAL',
      force: false,
    })
    expect(result).toMatchObject({ ok: false, refusal: 'unknown-relationship' })
  })

  it('after the shut-down has begun is refused', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.command('primary', { kind: 'shut-down' })
    expect(pair.declarePartnerDown('primary', 'NORMAL')).toMatchObject({ ok: false, refusal: 'shutting-down' })
    expect(pair.view('primary').commands.declarePartnerDown).toMatchObject({ allowed: false })
  })
})

describe('the auto-partner-down timer', () => {
  const pairWithTimer = (): FailoverPair => {
    const pair = new FailoverPair({ secondary: { autoPartnerDownSeconds: 30 } })
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    pair.run(25)
    pair.kill('secondary')
    pair.run(60)
    return pair
  }

  it('does not run after a restart before the partner was heard: it may have served alone meanwhile', () => {
    const pair = pairWithTimer()
    pair.start('secondary')
    pair.run(200)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(pair.view('secondary').commands.declarePartnerDown).toMatchObject({ allowed: true, needsForce: true })
  })

  it('begins anew once the partner was heard after a restart', () => {
    const pair = pairWithTimer()
    pair.start('secondary')
    pair.start('primary')
    pair.run(10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    pair.kill('primary')
    pair.run(25)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    pair.run(16)
    expect(pair.view('secondary').state).toBe('PARTNER-DOWN')
  })
})

describe('a new server', () => {
  it('that has served once waits in its next recovery', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.isNetworkUp = false
    const from = pair.now
    pair.run(12)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    pair.handle('primary', { kind: 'time-gap', from })
    pair.cut()
    pair.isNetworkUp = true
    pair.run(3)
    expect(pair.states()).toBe('RECOVER-WAIT / PARTNER-DOWN')
  })
})

describe('acknowledgements that do not come', () => {
  it('end NORMAL after the configured time, and the connection begins anew', () => {
    const pair = new FailoverPair({ primary: { acknowledgementStallSeconds: 12 } })
    pair.startBoth()
    pair.run(3)
    pair.passes = (_from, message) => message.type !== MessageType.Bndreply
    pair.requestAddress('primary')
    pair.run(1)
    expect(pair.view('primary')).toMatchObject({ state: 'NORMAL', updatesUnacked: 1 })
    expect(pair.view('primary').deadlines.map(({ kind }) => kind)).toContain('acknowledgement-stall')
    pair.run(12)
    expect(pair.pathOf('primary').slice(-1)).toEqual(['COMMUNICATIONS-INTERRUPTED'])
    pair.passes = () => true
    pair.run(3)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.view('primary')).toMatchObject({ updatesUnacked: 0, updatesOwed: 0 })
  })
})
