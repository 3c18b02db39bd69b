/** Records out of the lines that clients write. */
import { expect, test } from 'vitest'
import { readClientEvent, type ClientEvent } from './client-event.ts'
import { ClientRecords } from './client-records.ts'

function recordsOf(...events: readonly ClientEvent[]): ClientRecords {
  const records = new ClientRecords()
  for (const event of events) records.note(event)
  return records
}

const solicit = { kind: 'new', client: 1, question: 'solicit' } as const
const request = { kind: 'new', client: 1, question: 'request' } as const
const rebind = { kind: 'rebinding', client: 1, question: 'rebind' } as const

test('a new client is answered by the ADVERTISE and has its lease with the REPLY', () => {
  const records = recordsOf(
    { ...solicit, event: 'asked', atMs: 10 },
    { ...solicit, event: 'asked', atMs: 1015 },
    { ...solicit, event: 'offered', atMs: 1020, server: 'b' },
    { ...request, event: 'asked', atMs: 1020 },
    { ...request, event: 'granted', atMs: 1030, server: 'b' },
  )
  expect(records.all()).toEqual([
    {
      kind: 'new',
      startedAtMs: 10,
      messages: 2,
      answeredAtMs: 1020,
      answeredBy: 'b',
      grantedAtMs: 1030,
      refusals: 0,
    },
  ])
})

test('a refusal is no answer, and a rebinding client is another than the new one of its number', () => {
  const records = recordsOf(
    { ...solicit, event: 'asked', atMs: 5 },
    { ...rebind, event: 'asked', atMs: 10 },
    { ...rebind, event: 'refused', atMs: 11, server: 'b' },
    { ...rebind, event: 'asked', atMs: 20 },
    { ...rebind, event: 'granted', atMs: 21, server: 'b' },
  )
  expect(records.all()).toHaveLength(2)
  expect(records.all()[1]).toMatchObject({ messages: 2, answeredAtMs: 21, grantedAtMs: 21, refusals: 1 })
})

test('holders leave no record but the servers that gave them their leases', () => {
  const holder = { kind: 'holder', client: 3, question: 'request' } as const
  const records = recordsOf(
    { ...holder, event: 'asked', atMs: 1 },
    { ...holder, event: 'granted', atMs: 2, server: 'a' },
    { ...holder, client: 4, event: 'granted', atMs: 3, server: 'a' },
  )
  expect(records.all()).toEqual([])
  expect(records.holderServers).toEqual(['a'])
})

test('an event is read back as it was written, and anything else is refused', () => {
  const event: ClientEvent = { ...rebind, event: 'granted', atMs: 21.5, server: '0003' }
  expect(readClientEvent(JSON.stringify(event))).toEqual(event)
  expect(() => readClientEvent(JSON.stringify({ ...event, question: 'renew' }))).toThrow('no question')
  expect(() => readClientEvent(JSON.stringify({ ...event, atMs: 'now' }))).toThrow('no atMs')
})
