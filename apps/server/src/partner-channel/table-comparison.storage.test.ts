/** All leases of both servers compared behind the whole API: found, followed, repaired; and what a partner is told of stretches. */
import { Problem, routeExamples, TableComparison } from '@tandem/api-contract'
import { parseIpv6Address, ipv6AddressToBytes } from '@tandem/protocol'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ComparableLease } from '../http/channel-views.ts'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { freePort, PartnerSides } from '../transport/test-support/partner-sides.ts'
import { pathOf } from './channel-contract.ts'
import { ChannelListener } from './channel-listener.ts'
import { digestOf, STRETCH_LEASES_MAX, tellStretch, ToldStretch } from './lease-stretch.ts'
import { PartnerQuestions } from './partner-questions.ts'
import { LogLines, sourceOf } from './test-support/channel-parts.ts'

const sides = new PartnerSides()
const { tlsFiles } = sides
const endings: (() => unknown)[] = []
beforeAll(() => sides.makeFiles())
afterAll(() => sides.removeFiles())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** beta is the whole API; alpha, its partner, is a listener that has these leases. */
async function betaWithChannel() {
  const ports = { beta: await freePort(), alpha: await freePort() }
  const channel = {
    localAddress: '::1',
    localPort: ports.beta,
    partnerAddress: '::1',
    partnerPort: ports.alpha,
    sharesAccounts: false,
  }
  const api = await startTestApi(undefined, { channel, tls: tlsFiles('beta', 'alpha') })
  endings.push(() => api.close())
  return { api, authorization: `Bearer ${await api.token('operator')}`, ports }
}

async function startAlpha(port: number, leases: readonly ComparableLease[]): Promise<void> {
  const channel = { localAddress: '::1', localPort: port, partnerAddress: '::1', partnerPort: 0, sharesAccounts: false }
  const link = { relationship: 'main', channel, tls: tlsFiles('alpha', 'beta') }
  const source = {
    ...sourceOf('alpha'),
    lease: async (_relationship: string, lease: string) =>
      lease === '2001:db8:1::3' ? { ...routeExamples.getLease.answer, lease, client: OTHER } : undefined,
    leaseStretch: async (
      _relationship: string,
      { after, through, digest }: { after: string | null; through: string | null; digest: string },
    ) => {
      const inside = leases.filter(({ key }) => key > (after ?? '') && (through === null || key <= through))
      return tellStretch(inside, null, digest)
    },
  }
  const alpha = new ChannelListener([link], source, new LogLines(), Date.now)
  await alpha.start()
  endings.push(() => alpha.stop())
}

const OTHER = { duid: '00:03:00:01:02:00:00:00:00:77', iaType: 'IA_NA', iaid: 1 } as const
const DUID = '00030001020000000001'

function row(text: string, more: object = {}) {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is an address`)
  return {
    kind: 'address' as const,
    address: Buffer.from(ipv6AddressToBytes(parsed)),
    length: 128,
    subnetId: '2001:db8:1::/64',
    relationship: 'main',
    status: 'ACTIVE',
    statusSince: 1n,
    clientDuid: Buffer.from(DUID, 'hex'),
    clientIaType: 'IA_NA',
    clientIaid: 1n,
    t1Seconds: 0n,
    t2Seconds: 0n,
    preferredSeconds: 0n,
    validSeconds: 0n,
    owedToPartner: false,
    updateSent: false,
    commitNumber: 1n,
    ...more,
  }
}

function partners(text: string, more: Partial<ComparableLease> = {}): ComparableLease {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is an address`)
  return {
    key: `a${Buffer.from(ipv6AddressToBytes(parsed)).toString('hex')}-128`,
    kind: 'address',
    state: 'active',
    client: { duid: '00:03:00:01:02:00:00:00:00:01', iaType: 'IA_NA', iaid: 1 },
    ackedPartnerLifetime: null,
    expirationTime: null,
    owedToPartner: false,
    ...more,
  }
}

const PATH = '/api/v1/relationships/main/table-comparison'

async function shown(api: ApiFixture, authorization: string): Promise<TableComparison> {
  const response = await fetch(api.url + PATH, { headers: { authorization } })
  return TableComparison.parse(await response.json())
}

async function comparedBy(api: ApiFixture, authorization: string): Promise<TableComparison> {
  const started = await api.post(PATH, {}, { authorization })
  expect(started.status).toBe(201)
  await expect.poll(async () => (await shown(api, authorization)).state, { timeout: 20_000 }).not.toBe('running')
  return shown(api, authorization)
}

test('what differs is found on both sides, and the partner is told again of what is here', async () => {
  const { api, authorization, ports } = await betaWithChannel()
  await api.putLeases([
    row('2001:db8:1::1'),
    row('2001:db8:1::2'),
    row('2001:db8:1::3'),
    row('2001:db8:1::4', { relationship: null }),
    row('2001:db8:1::5', { owedToPartner: true }),
  ])
  await startAlpha(ports.alpha, [
    partners('2001:db8:1::1'),
    partners('2001:db8:1::3', { state: 'released' }),
    partners('2001:db8:1::6'),
  ])
  expect(await shown(api, authorization)).toMatchObject({
    state: 'never',
    pools: [],
    serverName: 'beta',
    partnerName: 'alpha',
  })
  const nothing = await api.post(`${PATH}/repair`, { reason: 'a snapshot' }, { authorization })
  expect(await nothing.json()).toMatchObject({ status: 409, refusal: 'nothing-to-repair' })

  const found = await comparedBy(api, authorization)
  expect(found).toMatchObject({ state: 'done', problem: null, compared: '5', differing: '3', repair: null })
  expect(found.pools).toMatchObject([{ agree: '1', differ: '1', onlyHere: '1', onlyThere: '1', moving: '1' }])
  expect(found.differences.map(({ lease, outcome }) => `${lease} ${outcome}`)).toEqual([
    '2001:db8:1::2 only-here',
    '2001:db8:1::3 differs',
    '2001:db8:1::6 only-there',
  ])

  const headers = { authorization, 'idempotency-key': 'repair-the-table' }
  for (const _ of ['once', 'again']) {
    const repaired = await api.post(`${PATH}/repair`, { reason: 'a snapshot' }, headers)
    expect(await repaired.json()).toMatchObject({
      repair: { told: '1', refused: [{ refusal: 'would-undo-there', count: '1' }], reason: 'a snapshot' },
    })
  }
  expect(api.engine.commands.map(({ command }) => command)).toMatchObject([
    { kind: 'resend-lease', leaseKind: 'address', prefix: { length: 128 }, reason: 'a snapshot' },
  ])
  const single = await api.post('/api/v1/leases/2001:db8:1::3/resend', { reason: 'a snapshot' }, { authorization })
  expect(Problem.parse(await single.json())).toMatchObject({ status: 409, refusal: 'would-undo-there' })
  expect(api.engine.commands).toHaveLength(1)
  expect((await comparedBy(api, authorization)).repair, 'is of the comparison before').toBeNull()
})

test('what the engine refuses to tell again is counted', async () => {
  const { api, authorization, ports } = await betaWithChannel()
  await api.putLeases([row('2001:db8:1::1'), row('2001:db8:1::2')])
  await startAlpha(ports.alpha, [])
  await comparedBy(api, authorization)
  api.engine.answer = { ok: false, refusal: 'state-does-not-allow', detail: 'It recovers.', currentState: 'RECOVER' }
  const repaired = await api.post(`${PATH}/repair`, { reason: 'a snapshot' }, { authorization })
  expect(await repaired.json()).toMatchObject({
    repair: { told: '0', refused: [{ refusal: 'state-does-not-allow', count: '2' }] },
  })
})

test('one runs at a time, and is stopped while the partner is away', async () => {
  const { api, authorization } = await betaWithChannel()
  await api.putLeases([row('2001:db8:1::1')])
  expect(await (await api.post(`${PATH}/cancel`, {}, { authorization })).json()).toMatchObject({
    status: 409,
    refusal: 'table-comparison-not-running',
  })
  expect((await api.post(PATH, {}, { authorization })).status).toBe(201)
  for (const path of [PATH, `${PATH}/repair`]) {
    const refused = await api.post(path, path === PATH ? {} : { reason: 'a snapshot' }, { authorization })
    expect(await refused.json()).toMatchObject({ status: 409, refusal: 'table-comparison-running' })
  }
  const stopped = await api.post(`${PATH}/cancel`, {}, { authorization })
  expect(await stopped.json()).toMatchObject({ state: 'cancelled', compared: '0' })
  const unknown = await api.post('/api/v1/relationships/nobody/table-comparison', {}, { authorization })
  expect(unknown.status).toBe(404)
})

test('without a channel it fails at once, and says why', async () => {
  const api = await startTestApi()
  endings.push(() => api.close())
  const authorization = `Bearer ${await api.token('operator')}`
  expect(await comparedBy(api, authorization)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('no private channel'),
  })
})

test('a partner is told of stretches of its relationship, a part of a long one, and nothing outside of the bounds', async () => {
  const { api, ports } = await betaWithChannel()
  const many = STRETCH_LEASES_MAX + 5
  await api.putLeases([
    ...Array.from({ length: many }, (_, index) => row(`2001:db8:1::1:${index.toString(16)}`)),
    row('2001:db8:1::1', { relationship: null }),
  ])
  const channel = { localAddress: '::1', localPort: 0, partnerAddress: '::1', partnerPort: ports.beta }
  const asked = { channel: { ...channel, sharesAccounts: false }, tls: tlsFiles('alpha', 'beta'), clock: Date.now }
  const alpha = new PartnerQuestions(asked)
  endings.push(() => alpha.close())
  const ask = async (after: string | null, through: string | null, digest = 'none'): Promise<ToldStretch> => {
    const answer = await alpha.ask(pathOf({ relationship: 'main', kind: 'lease-stretch', after, through, digest }))
    if (answer.kind !== 'answered') throw new Error(JSON.stringify(answer))
    return ToldStretch.parse(answer.body)
  }
  const whole = await ask(null, null)
  // The lease of no relationship counts for the length of the stretch, and is not told.
  expect(whole.items).toHaveLength(STRETCH_LEASES_MAX - 1)
  expect(whole.upTo).toBe(whole.items.at(-1)?.key)
  const rest = await ask(whole.upTo, null)
  expect(rest.items).toHaveLength(6)
  expect(rest.upTo).toBeNull()
  const [first, second] = rest.items
  expect((await ask(whole.upTo, second?.key ?? null)).items).toEqual([first, second])
  const mirrored = [partners('2001:db8:1::1:0')]
  const [only] = mirrored
  expect(await ask(null, only?.key ?? null, digestOf(mirrored, 'asker'))).toMatchObject({ isSame: true, items: [] })
})
