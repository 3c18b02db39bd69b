/** A restored store recovers as a lost one does, and its old leases yield to what the partner tells (decision 0070). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, FailoverPair, TEST_START, testRelationship } from '../../test-support/failover-pair.ts'
import type { Binding, BindingKey } from '../bindings/binding.ts'
import { addSeconds } from '../time/instant.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import { lostStoreRecords } from './restored-store.ts'
import { startupRecord } from './startup.ts'

const restoredAt = addSeconds(TEST_START, 1000)
const relationship = testRelationship('primary')

function stored(changes: Partial<EndpointRecord>): EndpointRecord {
  const facts = { startedAt: TEST_START, lastCommitAt: undefined, ranUntil: undefined }
  return { ...startupRecord(relationship, undefined, facts), state: 'NORMAL', communicated: true, ...changes }
}

const lost = {
  state: 'RECOVER',
  partner: undefined,
  communicated: true,
  fullResyncOwed: true,
  timeOfFailure: restoredAt,
  lastPromiseAt: undefined,
}

describe('the endpoints of a restored store', () => {
  it('are in RECOVER and owe themselves everything, whatever they were', () => {
    for (const state of ['NORMAL', 'PARTNER-DOWN', 'RECOVER-DONE', 'POTENTIAL-CONFLICT'] as const) {
      const records = lostStoreRecords([stored({ state, lastPromiseAt: TEST_START })], [relationship], restoredAt)
      expect(records).toEqual([expect.objectContaining({ ...lost, previousState: state, stateSince: restoredAt })])
    }
  })

  it('keep the maximum client lead time that was agreed on', () => {
    expect(lostStoreRecords([stored({ mcltSeconds: 999 })], [relationship], restoredAt)[0]?.mcltSeconds).toBe(999)
  })

  it('include a relationship that the backup does not know yet', () => {
    const records = lostStoreRecords([], [relationship], restoredAt)
    expect(records).toEqual([expect.objectContaining({ ...lost, relationship: 'pair' })])
  })

  it('are handed over to nobody, though the backup was made during maintenance', () => {
    const handedOver = { since: TEST_START, operator: 'ann', reason: 'new memory' }
    expect(lostStoreRecords([stored({ handedOver })], [relationship], restoredAt)[0]?.handedOver).toBeUndefined()
  })

  it('include one that is no longer configured, which may come back', () => {
    const records = lostStoreRecords([stored({ relationship: 'other' })], [relationship], restoredAt)
    expect(records.map((record) => record.relationship)).toEqual(['other', 'pair'])
  })
})

describe('a pair of which one store is restored', () => {
  function inNormal(): FailoverPair {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    return pair
  }

  interface Backup {
    readonly bindings: readonly (readonly [BindingKey, Binding])[]
    readonly endpoint: EndpointRecord
  }

  function backUp(pair: FailoverPair): Backup {
    const { bindings, endpoint } = pair.primary
    if (endpoint === undefined) throw new Error('the primary has run')
    return { bindings: [...bindings], endpoint }
  }

  function restore(pair: FailoverPair, backup: Backup): void {
    pair.loseStorage('primary')
    for (const [key, binding] of backup.bindings) pair.primary.bindings.set(key, binding)
    pair.primary.endpoint = lostStoreRecords([backup.endpoint], [relationship], pair.now)[0]
  }

  it('fetches everything, waits MCLT from the restore and comes back to NORMAL with equal tables', () => {
    const pair = inNormal()
    pair.requestAddress('primary', 1)
    pair.run(2)
    const backup = backUp(pair)
    pair.requestAddress('primary', 2)
    pair.run(2)
    pair.kill('primary')
    pair.run(20)
    restore(pair, backup)
    pair.start('primary')
    pair.sent.length = 0
    pair.run(50)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(pair.sentText()).toContain('P UPDREQALL')
    expect(pair.primary.bindings.size).toBe(2)
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    for (const [key, binding] of pair.secondary.bindings) {
      const { status, client, statusExpiresAt } = binding
      expect(pair.primary.bindings.get(key)).toMatchObject({ status, client, statusExpiresAt })
    }
  })

  it('believes the partner about a lease that has ended since the backup was made', () => {
    const pair = inNormal()
    pair.requestAddress('primary', 1)
    pair.run(2)
    const backup = backUp(pair)
    const [key, old] = backup.bindings[0] ?? []
    if (key === undefined || old === undefined) throw new Error('a lease was granted')
    expect(old.status).toBe('ACTIVE')
    // Released and told, so that the partner holds it as available while the backup has it in use for a long time.
    pair.kill('primary')
    const ended: Binding = {
      ...old,
      status: 'FREE',
      statusSince: addSeconds(pair.now, -30),
      statusExpiresAt: undefined,
    }
    pair.kill('secondary')
    pair.secondary.bindings.set(key, ended)
    const future = addSeconds(pair.now, 86_400)
    restore(pair, { ...backup, bindings: [[key, { ...old, statusExpiresAt: future }]] })
    pair.startBoth()
    pair.run(10)
    expect(pair.primary.bindings.get(key)?.status).toBe('FREE')
    expect(pair.primary.notices.filter(({ kind }) => kind === 'update-rejected')).toEqual([])
  })

  it('makes a partner without memory fetch everything too, and neither skips its wait', () => {
    const pair = inNormal()
    pair.requestAddress('primary', 1)
    pair.run(2)
    const backup = backUp(pair)
    pair.kill('primary')
    pair.kill('secondary')
    pair.loseStorage('secondary')
    restore(pair, backup)
    pair.startBoth()
    pair.run(20)
    expect(pair.states()).toBe('RECOVER-WAIT / RECOVER-WAIT')
    const requests = pair.sent.filter(({ message }) => message.type === MessageType.Updreqall)
    expect(requests.map(({ from }) => from).toSorted()).toEqual(['primary', 'secondary'])
    expect(pair.secondary.bindings.size).toBe(1)
    pair.run(50)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('is found out by what the partner remembers, where nobody marked it', () => {
    const pair = inNormal()
    const backup = backUp(pair)
    pair.requestAddress('primary', 1)
    pair.run(2)
    const told = [...pair.secondary.bindings.values()]
    expect(told).toHaveLength(1)
    pair.kill('primary')
    pair.run(2)
    pair.primary.bindings.clear()
    pair.primary.endpoint = backup.endpoint
    // The partner has a reason to tell the lease: it has extended it meanwhile.
    pair.rebindAddress('secondary', 1, told[0]?.prefix.address ?? address('::'))
    pair.start('primary')
    pair.run(10)
    const found = pair.primary.notices.filter(({ kind }) => kind === 'storage-older-than-told')
    expect(found).toMatchObject([{ relationship: 'pair', lease: '2001:db8:1::1001' }])
  })

  it('raises no such alarm when it was marked', () => {
    const pair = inNormal()
    const backup = backUp(pair)
    pair.requestAddress('primary', 1)
    pair.run(2)
    pair.kill('primary')
    restore(pair, backup)
    pair.start('primary')
    pair.run(10)
    expect(pair.primary.bindings.size).toBe(1)
    expect(pair.primary.notices.filter(({ kind }) => kind === 'storage-older-than-told')).toEqual([])
  })
})
