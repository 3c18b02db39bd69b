/** What is gathered from notices: bounded in rows and memory, whatever the network sends (decision 0074). */
import { instant, type Notice } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import type { RecordBatch } from '../storage/record-batch.ts'
import { ALIKE_MAX, Recorder, WAITING_CHANGES_MAX, WINDOW_MS } from './recorder.ts'

class Desk {
  readonly batches: RecordBatch[] = []
  readonly recorder = new Recorder((batch) => void this.batches.push(batch))

  get decisions() {
    return this.batches.flatMap(({ decisions }) => decisions)
  }

  get changes() {
    return this.batches.flatMap(({ leaseChanges }) => leaseChanges)
  }
}

const changed = (number: number): Notice => ({
  kind: 'lease-changed',
  leaseKind: 'address',
  lease: `2001:db8::${number.toString(16)}`,
  subnetId: 's',
  clientDuid: '000100',
  from: undefined,
  to: 'ACTIVE',
  expiresAt: instant(5000),
  cause: 'client',
})

const unanswered = (
  clientDuid: string,
  more: Partial<Extract<Notice, { kind: 'datagram-unanswered' }>> = {},
): Notice => ({
  kind: 'datagram-unanswered',
  reason: 'failover-state',
  messageType: 'SOLICIT',
  detail: 'the partner answers',
  rule: 'RFC 8156 8.8.1',
  inputs: { state: 'NORMAL', role: 'secondary' },
  relationship: 'pair',
  clientDuid,
  ...more,
})

describe('changes of leases', () => {
  it('become one row each, with cause, client, expiry and commit', () => {
    const desk = new Desk()
    desk.recorder.note(7, changed(1), 1000)
    desk.recorder.flush(1100)
    expect(desk.changes).toEqual([
      {
        lease: '2001:db8::1',
        atMs: 1000,
        from: undefined,
        to: 'ACTIVE',
        cause: 'client',
        clientDuid: '000100',
        expiresAtMs: 5000,
        commitNumber: 7,
      },
    ])
  })

  it('go in bounded pieces, larger ones when many wait, and all of them at the end', () => {
    const desk = new Desk()
    for (let number = 0; number < 10_000; number += 1) desk.recorder.note(1, changed(number), 1)
    desk.recorder.flush(2)
    expect(desk.batches.at(-1)?.leaseChanges).toHaveLength(500)
    desk.recorder.flush(3)
    expect(desk.batches.at(-1)?.leaseChanges).toHaveLength(475)
    desk.recorder.flushAll(4)
    expect(desk.changes).toHaveLength(10_000)
    expect(desk.changes.map(({ lease }) => lease)).toEqual(
      Array.from({ length: 10_000 }, (_, number) => `2001:db8::${number.toString(16)}`),
    )
  })

  it('beyond what may wait are dropped and counted', () => {
    const desk = new Desk()
    for (let number = 0; number < WAITING_CHANGES_MAX + 3; number += 1) desk.recorder.note(1, changed(1), 1)
    expect(desk.recorder.dropped).toBe(3)
    desk.recorder.flushAll(2)
    expect(desk.changes).toHaveLength(WAITING_CHANGES_MAX)
  })
})

describe('decisions', () => {
  it('that are alike are one record: the first after five seconds, then one a minute', () => {
    const desk = new Desk()
    for (let second = 0; second < 120; second += 1) {
      desk.recorder.note(second, unanswered(`0001${second}`), second * 1000)
      desk.recorder.flush(second * 1000)
    }
    expect(desk.decisions.map(({ count, firstAtMs, lastAtMs }) => [count, firstAtMs, lastAtMs])).toEqual([
      [6, 0, 5000],
      [60, 6000, 65_000],
    ])
    expect(desk.decisions[0]).toMatchObject({
      kind: 'no-answer',
      relationship: 'pair',
      clientDuid: '00010',
      messageType: 'SOLICIT',
      reason: 'failover-state',
      rule: 'RFC 8156 8.8.1',
      inputs: { state: 'NORMAL', role: 'secondary' },
      commitNumber: 5,
    })
  })

  it('are not told apart by anything that a client may choose', () => {
    const desk = new Desk()
    for (let number = 0; number < 50_000; number += 1) {
      desk.recorder.note(1, unanswered(`0001${number}`, { detail: `it said ${number}` }), 0)
    }
    desk.recorder.flush(WINDOW_MS)
    expect(desk.decisions).toMatchObject([{ count: 50_000 }])
  })

  it('of too many kinds share one record', () => {
    const desk = new Desk()
    for (let number = 0; number < ALIKE_MAX + 100; number += 1) {
      desk.recorder.note(
        1,
        {
          kind: 'update-rejected',
          relationship: 'pair',
          by: 'us',
          lease: `2001:db8::${number}`,
          statusCode: 19,
          detail: 'our record is newer',
          rule: 'RFC 8156 7.5.4',
          inputs: {},
        },
        0,
      )
    }
    desk.recorder.flush(WINDOW_MS)
    expect(desk.decisions).toHaveLength(ALIKE_MAX + 1)
    expect(desk.decisions.at(-1)?.count).toBe(100)
  })

  it('that stop are forgotten, so that the next is shown soon again', () => {
    const desk = new Desk()
    desk.recorder.note(1, unanswered('00'), 0)
    for (let at = 0; at <= 200_000; at += 1000) desk.recorder.flush(at)
    expect(desk.decisions).toHaveLength(1)
    desk.recorder.note(1, unanswered('00'), 300_000)
    desk.recorder.flush(305_000)
    expect(desk.decisions).toHaveLength(2)
  })

  it('still open are written at the end', () => {
    const desk = new Desk()
    desk.recorder.note(1, unanswered('00'), 0)
    desk.recorder.flushAll(1)
    expect(desk.decisions).toHaveLength(1)
  })
})
