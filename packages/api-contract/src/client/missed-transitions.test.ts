/** After a gap that the stream cannot fill, the history is read back to what was seen. */
import { expect, it } from 'vitest'
import { createApiClient } from './api-client.ts'
import { missedTransitions } from './missed-transitions.ts'

/** A history of so many, newest first, in pages of three. */
function historyOf(count: number) {
  const paths: string[] = []
  const api = createApiClient<never>({
    newIdempotencyKey: () => 'not used here',
    transport: async ({ path }) => {
      paths.push(path)
      const from = Number(/cursor=(\d+)/.exec(path)?.[1] ?? count)
      const items = [from, from - 1, from - 2]
        .filter((id) => id > 0)
        .map((id) => ({
          id: String(id),
          relationship: 'a/b',
          at: '2026-11-21T03:00:00.000Z',
          from: 'normal',
          to: 'communications-interrupted',
          cause: 'the connection was lost',
          rule: 'RFC 8156 8.7',
          inputs: {},
          operator: null,
        }))
      return { status: 200, body: { items, nextCursor: from > 3 ? String(from - 3) : null } }
    },
  })
  return { api, paths }
}

const idsOf = async (count: number, lastSeenId: string | undefined) => {
  const { api, paths } = historyOf(count)
  const missed = await missedTransitions(api, 'a/b', lastSeenId)
  return { ids: missed.map(({ id }) => Number(id)), pages: paths.length, paths }
}

it('reads as many pages as it needs, and answers the oldest first', async () => {
  const { ids, pages, paths } = await idsOf(12, '7')
  expect([ids, pages]).toEqual([[8, 9, 10, 11, 12], 2])
  expect(paths[0]).toBe('/api/v1/relationships/a%2Fb/transitions?limit=100')
})

it('answers none when none is new, and all of them to who saw none', async () => {
  expect((await idsOf(12, '12')).ids).toEqual([])
  expect((await idsOf(4, undefined)).ids).toEqual([1, 2, 3, 4])
})
