/** The timeline of a relationship over HTTP: what of this server belongs to it, in which order, and what a stretch leaves out. */
import { Timeline } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

const POOL = '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff'
const at = (minute: number): bigint => BigInt(Date.parse('2026-11-27T03:00:00Z') + minute * 60_000)
const iso = (minute: number): string => new Date(Number(at(minute))).toISOString()

let api: ApiFixture
let token: string
beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  const { prisma } = api.database
  const state = (minute: number, fromState: string, toState: string, relationship = 'main') =>
    prisma.transition.create({
      data: {
        relationship,
        at: at(minute),
        fromState,
        toState,
        cause: 'a cause',
        rule: 'RFC 8156 8.9.2',
        inputs: '{"communicationsOk":false}',
        commitNumber: 1n,
      },
    })
  const command = (minute: number, action: string, target: string, outcome = 'done') =>
    prisma.auditEntry.create({
      data: { at: at(minute), operator: 'ada', action, target, reason: 'why', commandId: '', outcome, detail: 'so' },
    })
  await state(0, 'STARTUP', 'NORMAL')
  await state(10, 'NORMAL', 'COMMUNICATIONS-INTERRUPTED')
  await state(11, 'NORMAL', 'RECOVER', 'another')
  await command(20, 'declare-partner-down', 'main', 'refused')
  await command(21, 'declare-partner-down', 'main')
  await state(21, 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN')
  await command(22, 'declare-partner-down', 'another')
  await command(23, 'drain-pool', POOL)
  await command(24, 'release-lease', '2001:db8:1::5')
  await command(25, 'sign-in', 'main')
  await prisma.serverStart.create({ data: { at: at(30), ranUntil: at(26), version: '0.1.0' } })
  await prisma.configurationRevision.create({
    data: { number: 4, sha256: '', text: 'secret: text', who: 'tandem', why: 'start with file', at: at(30) },
  })
})
afterAll(async () => api.close())

async function ask(query: string) {
  const response = await api.get(`/api/v1/relationships/main/timeline?${query}`, token)
  expect(response.status).toBe(200)
  return Timeline.parse(await response.json())
}

const minutes = ({ items }: Timeline) =>
  items.map(({ kind, at: when }) => `${kind} ${(Date.parse(when) - Date.parse(iso(0))) / 60_000}`)

const DAY = `from=${iso(-60)}&to=${iso(60)}`

describe('the timeline of a relationship', () => {
  it('has its changes of state, the commands on it and its pools, configurations and starts, newest first', async () => {
    const timeline = await ask(DAY)
    expect(minutes(timeline)).toEqual([
      'configuration 30',
      'start 30',
      'command 23',
      'state-change 21',
      'command 21',
      'command 20',
      'state-change 10',
      'state-change 0',
    ])
    expect(timeline.items.map(({ serverName }) => serverName)).toEqual(Array.from({ length: 8 }, () => 'beta'))
    expect(timeline.items[1]).toMatchObject({ kind: 'start', ranUntil: iso(26), version: '0.1.0' })
    expect(timeline.items[3]).toMatchObject({ to: 'partner-down', inputs: { communicationsOk: false } })
    expect(timeline.items[5]).toMatchObject({ outcome: 'refused', operator: 'ada', reason: 'why', detail: 'so' })
    expect(JSON.stringify(timeline)).not.toContain('secret')
  })

  it('knows the state before its entries, from the oldest of them or from before the stretch', async () => {
    const stateBefore = async (query: string) => (await ask(query)).servers[0]?.stateBefore
    expect(await stateBefore(DAY)).toBe('startup')
    expect(await stateBefore(`from=${iso(15)}&to=${iso(60)}`)).toBe('communications-interrupted')
    expect(await stateBefore(`from=${iso(28)}&to=${iso(60)}`)).toBe('partner-down')
    expect(await stateBefore(`from=${iso(-60)}&to=${iso(-1)}`)).toBeNull()
  })

  it('tells the newest where there are more, and from when on all are told', async () => {
    const timeline = await ask(`${DAY}&limit=4`)
    expect(minutes(timeline)).toEqual(['configuration 30', 'start 30', 'command 23', 'state-change 21'])
    expect(timeline.servers[0]).toMatchObject({ stateBefore: 'communications-interrupted' })
    const completeFrom = timeline.servers[0]?.completeFrom ?? ''
    expect(Date.parse(completeFrom)).toBe(Date.parse(iso(21)) + 1)
    expect(minutes(await ask(`from=${iso(-60)}&to=${completeFrom}&limit=4`))).toEqual([
      'state-change 21',
      'command 21',
      'command 20',
      'state-change 10',
    ])
  })

  it('says why the partner is not in it', async () => {
    expect((await ask(DAY)).servers).toMatchObject([
      { serverName: 'beta', outcome: 'told', problem: null },
      { serverName: 'alpha', outcome: 'unavailable', problem: expect.stringContaining('no private channel') },
    ])
  })

  it('is of the last day where nothing else is asked for', async () => {
    const { from, to, items } = await ask('')
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
    expect(Math.abs(Date.now() - Date.parse(to))).toBeLessThan(60_000)
    expect(items).toEqual([])
  })
})

it('refuses a stretch that ends before it begins, and a relationship that there is not', async () => {
  const response = await api.get(`/api/v1/relationships/main/timeline?from=${iso(1)}&to=${iso(0)}`, token)
  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({ fields: [{ field: 'query.from' }] })
  expect((await api.get('/api/v1/relationships/nowhere/timeline', token)).status).toBe(404)
})
