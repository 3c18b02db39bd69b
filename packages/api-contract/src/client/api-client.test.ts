/** The typed client: what it sends, what it makes of the answers, and when it tries again. */
import { describe, expect, it } from 'vitest'
import { createApiClient, itemsOf, noAnswer } from './api-client.ts'
import type { ApiRequest, ApiResponse } from './api-client.ts'
import { ApiFailure } from './api-failure.ts'
import type { Problem } from '../problem.ts'

const held = (status: number, more: Partial<Problem> = {}): ApiResponse => ({
  status,
  body: {
    type: 'urn:tandem:problem:unavailable',
    title: 't',
    status,
    detail: 'not now',
    remedy: 'r',
    instance: '/',
    ...more,
  },
})
const health: ApiResponse = { status: 200, body: { status: 'up' } }

function clientOf(answers: readonly (ApiResponse | Error)[], attemptsMax?: number) {
  const sent: ApiRequest[] = []
  const waited: number[] = []
  let keys = 0
  const client = createApiClient<string>({
    transport: async (request) => {
      const answer = answers[sent.length]
      sent.push(request)
      if (answer === undefined) throw new Error('asked too often')
      if (answer instanceof Error) throw answer
      return answer
    },
    newIdempotencyKey: () => `key-${(keys += 1)}`,
    ...(attemptsMax === undefined
      ? {}
      : { patience: { attemptsMax, wait: async (seconds) => void waited.push(seconds) } }),
  })
  return { client, sent, waited }
}

describe('what is sent', () => {
  it('is the path with its parameters and query, without what is absent', async () => {
    const { client, sent } = clientOf([
      { status: 200, body: { items: [], nextCursor: null, total: { count: '0', exact: true } } },
    ])
    await client.listLeases({ query: { address: '2001:db8::/56', limit: 5, duid: undefined } }).catch(() => undefined)
    expect(sent).toEqual([
      {
        method: 'GET',
        path: '/api/v1/leases?address=2001%3Adb8%3A%3A%2F56&limit=5',
        headers: { Accept: 'application/json, application/problem+json' },
        body: undefined,
      },
    ])
  })

  it('has a key with every POST, of the caller or fresh, and the version that the caller saw', async () => {
    const { client, sent } = clientOf([held(409), held(409), held(409)])
    const params = { address: '2001:db8::1' }
    const body = { reason: 'the printer was moved' }
    for (const more of [{}, { idempotencyKey: 'my own key' }, { ifMatch: 'abc' }]) {
      await expect(client.resetLease({ params, body, ...more })).rejects.toThrow('not now')
    }
    expect(sent.map(({ headers }) => [headers['Idempotency-Key'], headers['If-Match']])).toEqual([
      ['key-1', undefined],
      ['my own key', undefined],
      ['key-2', '"abc"'],
    ])
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/leases/2001%3Adb8%3A%3A1/reset',
      body: JSON.stringify(body),
    })
  })
})

describe('what comes back', () => {
  it('is checked against the contract, and what is newer than it is left out', async () => {
    const { client } = clientOf([
      { status: 200, body: { status: 'up', mood: 'good' } },
      { status: 200, body: { status: '?' } },
    ])
    expect(await client.getHealth()).toEqual({ status: 'up' })
    await expect(client.getHealth()).rejects.toThrow(/GET \/health is of another version of the API \(status: .+\)\.$/)
  })

  it('is a failure with its problem, or without one', async () => {
    const { client } = clientOf([held(404, { type: 'urn:tandem:problem:not-found' }), { status: 502, body: undefined }])
    const failure: unknown = await client.getHealth().catch((error: unknown) => error)
    expect(failure instanceof ApiFailure && failure.is('not-found')).toBe(true)
    await expect(client.getHealth()).rejects.toThrow('answered 502 without saying why')
  })

  it('is undefined where nothing is answered', async () => {
    const { client } = clientOf([{ status: 204, body: undefined }])
    expect(await client.signOut()).toBeUndefined()
  })
})

describe('patience', () => {
  it('waits as long as the server says, and repeats a command under its key', async () => {
    const { client, sent, waited } = clientOf(
      [noAnswer(), held(429, { retryAfterSeconds: 7 }), held(503), held(409)],
      5,
    )
    await expect(client.resetLease({ params: { address: '::1' }, body: { reason: 'moved' } })).rejects.toThrow(
      'not now',
    )
    expect(waited).toEqual([1, 7, 1])
    expect(new Set(sent.map(({ headers }) => headers['Idempotency-Key']))).toEqual(new Set(['key-1']))
  })

  it('ends after so many attempts, and does not repeat what would fail again', async () => {
    const often = clientOf([held(503), held(503), health], 2)
    await expect(often.client.getHealth()).rejects.toThrow('not now')
    const once = clientOf([held(422), health], 5)
    await expect(once.client.getHealth()).rejects.toThrow('not now')
    const impatient = clientOf([held(503), health])
    await expect(impatient.client.getHealth()).rejects.toThrow('not now')
    const away = clientOf([noAnswer(), noAnswer('It is not there.'), health], 5)
    await expect(away.client.getHealth()).rejects.toThrow('It is not there.')
    const asked = [often, once, impatient, away].map(({ sent }) => sent.length)
    expect(asked).toEqual([2, 1, 1, 2])
  })

  it('leaves alone what is no failure of the API', async () => {
    const gaveUp = new Error('the caller gave up')
    await expect(clientOf([gaveUp, health], 5).client.getHealth()).rejects.toBe(gaveUp)
  })
})

describe('a list', () => {
  it('is read page after page, up to the end', async () => {
    const pages = new Map([
      [undefined, { items: [1, 2], nextCursor: 'a' }],
      ['a', { items: [], nextCursor: 'b' }],
      ['b', { items: [3], nextCursor: null }],
    ])
    const asked: (string | undefined)[] = []
    const read = async (cursor: string | undefined) => {
      asked.push(cursor)
      return pages.get(cursor) ?? { items: [], nextCursor: null }
    }
    const items: number[] = []
    for await (const item of itemsOf<number>(read)) items.push(item)
    expect(items).toEqual([1, 2, 3])
    expect(asked).toEqual([undefined, 'a', 'b'])
  })
})
