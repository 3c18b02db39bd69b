/** Of all that was counted, what belongs to one relationship. */
import { expect, test } from 'vitest'
import { noEvents } from '../engine/event-counts.ts'
import { partnerCountsOf } from './partner-counts.ts'

test('counts of other relationships are left out, and numbers are decimal text', () => {
  const counters = {
    partnerMessages: [
      { relationship: 'main', direction: 'received', type: 'BNDUPD', count: 12 },
      { relationship: 'main', direction: 'sent', type: 'BNDREPLY', count: 11 },
      { relationship: 'guests', direction: 'received', type: 'BNDUPD', count: 5 },
    ],
    events: {
      ...noEvents,
      updateRejections: [
        { relationship: 'main', by: 'partner', statusCode: 16, count: 2 },
        { relationship: 'guests', by: 'us', statusCode: 19, count: 1 },
      ],
      connectionChanges: [
        { relationship: 'main', change: 'established', count: 3 },
        { relationship: '', change: 'rejected-peer', count: 7 },
      ],
    },
  } as const
  expect(partnerCountsOf(counters, 'main')).toEqual({
    messages: { received: { BNDUPD: '12' }, sent: { BNDREPLY: '11' } },
    updatesRejected: [{ by: 'partner', status: 'AddressInUse', count: '2' }],
    connectionChanges: { established: '3' },
  })
  expect(partnerCountsOf(counters, 'nobody')).toEqual({
    messages: { received: {}, sent: {} },
    updatesRejected: [],
    connectionChanges: {},
  })
})
