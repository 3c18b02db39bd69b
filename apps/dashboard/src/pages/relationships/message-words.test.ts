/** Which messages have a row. */
import { expect, it } from 'vitest'
import { messageRows } from './message-words.ts'

it('keeps its order, whichever message came first, and leaves out what never came', () => {
  const rows = messageRows({ received: { STATE: '3', BNDUPD: '12' }, sent: { CONNECTREPLY: '1', BNDREPLY: '12' } })
  expect(rows.map(({ type, received, sent }) => [type, received, sent])).toEqual([
    ['BNDUPD', '12', '0'],
    ['BNDREPLY', '0', '12'],
    ['CONTACT', '0', '0'],
    ['STATE', '3', '0'],
    ['CONNECTREPLY', '0', '1'],
  ])
})

it('shows what nobody knows too, behind the rest', () => {
  const rows = messageRows({ received: { STARTTLS: '1', 'message type 99': '2' }, sent: {} })
  expect(rows.slice(-2)).toMatchObject([
    { type: 'STARTTLS', received: '1', sent: '0' },
    { type: 'message type 99', what: 'Not known here', received: '2', sent: '0' },
  ])
})
