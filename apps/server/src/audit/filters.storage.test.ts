/** The audit and the history of states are searched by what an investigation knows: who, what, when. */
import { AuditPage, TransitionPage } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

let api: ApiFixture
let token: string
beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('administrator')
  const entry = (at: string, operator: string, action: string, more: object = {}) => ({
    at: BigInt(Date.parse(at)),
    operator,
    action,
    target: 'main',
    reason: '',
    commandId: '',
    outcome: 'done',
    detail: '',
    ...more,
  })
  const entries = [
    entry('2026-11-27T01:00:00Z', 'ada', 'create-operator', { target: 'bob' }),
    entry('2026-11-27T02:00:00Z', 'bob', 'declare-partner-down', { commandId: 'c1', outcome: 'refused' }),
    entry('2026-11-27T03:00:00Z', 'token:ci', 'declare-partner-down', { commandId: 'c2' }),
  ]
  for (const [index, data] of entries.entries()) {
    await api.database.prisma.auditEntry.create({ data: { ...data, detail: String(index + 1) } })
  }
  const states = ['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN']
  for (const [index, toState] of states.entries()) {
    await api.database.prisma.transition.create({
      data: {
        relationship: 'main',
        at: BigInt(Date.parse('2026-11-27T00:00:00Z') + index * 3_600_000),
        fromState: states[index - 1] ?? 'STARTUP',
        toState,
        cause: '',
        rule: '',
        inputs: '{}',
        commitNumber: 1n,
      },
    })
  }
})
afterAll(async () => api.close())

describe('the audit', () => {
  it.each([
    ['', [3, 2, 1]],
    ['operator=bob', [2]],
    ['operator=token:ci', [3]],
    ['action=declare-partner-down', [3, 2]],
    ['action=declare-partner-down&outcome=refused', [2]],
    ['target=bob', [1]],
    ['commandId=c2', [3]],
    ['from=2026-11-27T02:00:00Z', [3, 2]],
    ['from=2026-11-27T01:30:00Z&to=2026-11-27T02:00:00Z', [2]],
    ['operator=nobody', []],
  ])('is searched by "%s"', async (query, expected) => {
    const page = AuditPage.parse(await (await api.get(`/api/v1/audit?${query}`, token)).json())
    // The making of the token has left an entry of its own.
    const numbers = page.items.map(({ detail }) => detail).filter((detail) => /^\d$/.test(detail))
    expect(numbers.map(Number)).toEqual(expected)
  })

  it('goes on from page to page within what was asked for', async () => {
    const first = AuditPage.parse(
      await (await api.get('/api/v1/audit?action=declare-partner-down&limit=1', token)).json(),
    )
    const next = `/api/v1/audit?action=declare-partner-down&limit=1&cursor=${first.nextCursor}`
    const second = AuditPage.parse(await (await api.get(next, token)).json())
    expect([...first.items, ...second.items].map(({ detail }) => detail)).toEqual(['3', '2'])
    expect(second.nextCursor).toBeNull()
  })
})

describe('the history of states', () => {
  it.each([
    ['state=communications-interrupted', [4, 2]],
    ['from=2026-11-27T02:00:00Z', [5, 4, 3]],
    ['state=normal&to=2026-11-27T00:30:00Z', [1]],
    ['state=recover', []],
  ])('is searched by "%s"', async (query, expected) => {
    const answer = await api.get(`/api/v1/relationships/main/transitions?${query}`, token)
    expect(TransitionPage.parse(await answer.json()).items.map(({ id }) => Number(id))).toEqual(expected)
  })
})
