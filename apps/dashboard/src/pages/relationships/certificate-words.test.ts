/** What is said of a certificate's end. */
import { expect, it } from 'vitest'
import { certificateEnd } from './certificate-words.ts'

const now = Date.parse('2026-11-27T03:00:00Z')
const ending = (endsAt: string) => certificateEnd({ endsAt }, now)

it('counts the whole days that are left', () => {
  expect(ending('2036-11-24T03:00:00Z')).toEqual({ tone: 'ok', words: '3,650 days left' })
  expect(ending('2026-12-28T04:00:00Z')).toEqual({ tone: 'ok', words: '31 days left' })
  expect(ending('2026-12-27T04:00:00Z')).toEqual({ tone: 'degraded', words: '30 days left' })
  expect(ending('2026-11-28T03:00:00Z')).toEqual({ tone: 'degraded', words: '1 day left' })
  expect(ending('2026-11-27T04:00:00Z')).toEqual({ tone: 'degraded', words: 'less than a day left' })
  expect(ending('2026-11-27T02:59:59Z')).toMatchObject({ tone: 'down', words: expect.stringContaining('expired') })
})
