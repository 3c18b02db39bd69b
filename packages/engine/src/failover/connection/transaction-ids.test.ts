/** Transaction ids stay unique among what is outstanding, also after the counter wraps (RFC 8156 section 5.4). */
import { TRANSACTION_ID_MAX } from '@tandem/protocol'
import { expect, it } from 'vitest'
import { TransactionIds } from './transaction-ids.ts'

it('counts, wraps, and skips an UPDREQ that is still open', () => {
  const ids = new TransactionIds(() => [1, 2, 4])
  expect(ids.next()).toBe(1)
  for (let count = 1; count < TRANSACTION_ID_MAX; count += 1) ids.next()
  expect(ids.next()).toBe(3)
  expect(ids.next()).toBe(5)
})
