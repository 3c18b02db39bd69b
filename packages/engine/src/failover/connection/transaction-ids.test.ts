/** Transaction ids stay unique among what is outstanding, also after the counter wraps (RFC 8156 section 5.4). */
import { TRANSACTION_ID_MAX } from '@tandem/protocol'
import { expect, it } from 'vitest'
import { TEST_START, testConfiguration, testRelationship } from '../../../test-support/failover-pair.ts'
import { createPools } from '../../allocation/create-pools.ts'
import { BindingTable } from '../../bindings/binding-table.ts'
import { Step } from '../../step.ts'
import { RelationshipEndpoint } from '../relationship-endpoint.ts'
import { createUpdates } from '../updates/create-updates.ts'
import { TransactionIds } from './transaction-ids.ts'

it('counts, wraps, and skips an UPDREQ that is still open', () => {
  expect(new TransactionIds(() => []).next()).toBe(1)
  const ids = new TransactionIds(() => [1, 2, 4], TRANSACTION_ID_MAX - 1)
  expect(ids.next()).toBe(TRANSACTION_ID_MAX)
  expect(ids.next()).toBe(3)
  expect(ids.next()).toBe(5)
})

it('of a whole endpoint are not reused before UPDDONE, though every other number comes round', () => {
  const relationship = testRelationship('primary')
  const table = new BindingTable((binding) => binding.statusExpiresAt)
  const endpoint = new RelationshipEndpoint({
    relationship,
    table,
    pools: createPools(testConfiguration(relationship), table),
    restored: undefined,
    restoredReservations: undefined,
    facts: { startedAt: TEST_START, lastCommitAt: undefined, ranUntil: undefined },
    createUpdates,
  })
  const step = new Step(TEST_START, table)
  endpoint.updates.requestUpdates(step, true)
  const used = endpoint.nextTransactionId() - 1
  expect([...endpoint.updates.outstandingTransactionIds()]).toEqual([used])
  // Any number of CONTACTs and BNDUPDs later the counter passes the open request.
  for (let count = 2; count < TRANSACTION_ID_MAX; count += 1) endpoint.nextTransactionId()
  expect(endpoint.nextTransactionId()).toBe(used + 1)
})
