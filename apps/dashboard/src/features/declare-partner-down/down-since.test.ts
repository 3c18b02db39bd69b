/** What an operator may type as the time since when the partner does not run. */
import { describe, expect, it } from 'vitest'
import { readDownSince } from './down-since.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const bounds = { lastHeardFromPartnerAt: '2026-03-01T11:00:00Z', now }

/** As a `datetime-local` field gives it: local time without zone. */
function typed(iso: string): string {
  const at = new Date(iso)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

describe('the time since when the partner does not run', () => {
  it('may be left out', () => {
    expect(readDownSince('', bounds)).toEqual({ kind: 'not-given' })
  })

  it('is local time, told to the server in UTC', () => {
    expect(readDownSince(typed('2026-03-01T11:30:00Z'), bounds)).toEqual({
      kind: 'good',
      at: '2026-03-01T11:30:00.000Z',
    })
  })

  it('lies neither in the future nor before the last word', () => {
    expect(readDownSince(typed('2026-03-01T12:00:01Z'), bounds)).toMatchObject({ kind: 'wrong' })
    expect(readDownSince(typed('2026-03-01T10:59:59Z'), bounds)).toMatchObject({
      kind: 'wrong',
      problem: expect.stringContaining('still heard'),
    })
    expect(readDownSince(typed('2026-03-01T10:59:59Z'), { ...bounds, lastHeardFromPartnerAt: null })).toMatchObject({
      kind: 'good',
    })
  })
})
