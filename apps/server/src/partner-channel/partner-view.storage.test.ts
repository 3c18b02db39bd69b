/** The private channel behind the whole API: what the partner says is shown, and what this server answers its partner. */
import { COMPARED_LEASES_MAX, LeaseComparisons, poolKeyOf, Relationship, routeExamples } from '@tandem/api-contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { freePort, PartnerSides } from '../transport/test-support/partner-sides.ts'
import { ChannelStatus, pathOf } from './channel-contract.ts'
import { ChannelListener } from './channel-listener.ts'
import { HashedLeases } from './lease-hashes.ts'
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

/** beta is the whole API; alpha, its partner, is a listener that always says the same. */
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
  return { api, token: await api.token('viewer'), ports }
}

const prefixRow = (hex: string, more: object = {}) => ({
  kind: 'prefix',
  address: Buffer.from(hex, 'hex'),
  length: 56,
  subnetId: '2001:db8:1::/64',
  relationship: 'main',
  status: 'FREE',
  statusSince: 1n,
  t1Seconds: 0n,
  t2Seconds: 0n,
  preferredSeconds: 0n,
  validSeconds: 0n,
  owedToPartner: false,
  updateSent: false,
  commitNumber: 1n,
  ...more,
})

async function startAlpha(port: number): Promise<ChannelListener> {
  const channel = { localAddress: '::1', localPort: port, partnerAddress: '::1', partnerPort: 0, sharesAccounts: false }
  const link = { relationship: 'main', channel, tls: tlsFiles('alpha', 'beta') }
  const alpha = new ChannelListener([link], sourceOf('alpha'), new LogLines(), Date.now)
  await alpha.start()
  endings.push(() => alpha.stop())
  return alpha
}

async function shown(api: ApiFixture, token: string) {
  const response = await api.get('/api/v1/relationships/main', token)
  return Relationship.parse(await response.json()).partnerView
}

async function shownOnce(api: ApiFixture, token: string, state: string) {
  await expect.poll(async () => (await shown(api, token))?.channel.state, { timeout: 15_000 }).toBe(state)
  return shown(api, token)
}

test('without a channel nothing is said of the partner, and nothing is listened on', async () => {
  const api = await startTestApi()
  endings.push(() => api.close())
  const token = await api.token('viewer')
  expect(await shown(api, token)).toBeNull()
  const server = (await (await api.get('/api/v1/server', token)).json()) as { listeners: { purpose: string }[] }
  expect(server.listeners.map(({ purpose }) => purpose)).not.toContain('channel')
})

test('what the partner says is shown, kept with its age while it is gone, and new when it is back', async () => {
  const { api, token, ports } = await betaWithChannel()
  const silent = await shownOnce(api, token, 'silent')
  expect(silent).toMatchObject({ serverName: 'alpha', asOf: null, told: null })
  const alpha = await startAlpha(ports.alpha)
  const answers = await shownOnce(api, token, 'answers')
  expect(answers).toMatchObject({ told: { state: 'normal', version: '1.2.3' }, channel: { problem: null } })
  expect(Math.abs(answers?.told?.clockOffsetMs ?? Number.NaN)).toBeLessThan(2_000)
  await alpha.stop()
  const gone = await shownOnce(api, token, 'silent')
  expect(gone?.told).toMatchObject({ state: 'normal' })
  expect(Date.parse(gone?.asOf ?? '')).toBeLessThanOrEqual(Date.parse(gone?.channel.since ?? ''))
  await startAlpha(ports.alpha)
  await shownOnce(api, token, 'answers')
}, 60_000)

test('one lease is asked of the partner when it is looked at', async () => {
  const { api, token, ports } = await betaWithChannel()
  await api.database.prisma.binding.createMany({
    data: [prefixRow('20010db8000000000000000000000000'), prefixRow('20010db8000001000000000000000000')],
  })
  const ask = async (key: string) => {
    const answer: unknown = await (await api.get(`/api/v1/leases/${key}/partner`, token)).json()
    return answer
  }
  expect(await ask('2001:db8::-56')).toMatchObject({ serverName: 'alpha', outcome: 'unavailable', record: null })
  await startAlpha(ports.alpha)
  expect(await ask('2001:db8::-56')).toMatchObject({ outcome: 'told', problem: null, record: { state: 'active' } })
  expect(await ask('2001:db8:0:100::-56')).toMatchObject({ outcome: 'no-record', record: null })
  const unknown = await api.get('/api/v1/leases/2001:db8::7/partner', token)
  expect(unknown.status).toBe(404)
})

test('a page of leases is compared with the partner, in one question', async () => {
  const { api, token, ports } = await betaWithChannel()
  const example = routeExamples.getLease.answer
  const acked = BigInt(Date.parse(example.ackedPartnerLifetime ?? ''))
  const promised = { status: 'ACTIVE', expirationTime: null, ackedPartnerLifetime: null, partnerLifetime: acked }
  // As the listener that stands for alpha has the first one, mirrored; of the others it has no record.
  const active = { ...promised, clientIaType: 'IA_NA', clientIaid: 1n, expirationTime: acked }
  const client = { clientDuid: Buffer.from(example.client?.duid.replaceAll(':', '') ?? '', 'hex') }
  await api.database.prisma.binding.createMany({
    data: [
      prefixRow('20010db8000000000000000000000000', { ...active, ...client }),
      prefixRow('20010db8000001000000000000000000'),
      prefixRow('20010db8000002000000000000000000', { owedToPartner: true }),
      prefixRow('20010db8000003000000000000000000', { relationship: null }),
    ],
  })
  const keys = ['2001:db8:0:300::-56', '2001:db8:0:200::/56', '2001:db8:0:100::-56', '2001:db8::-56', '2001:db8::7']
  const compare = async (leases: readonly string[]): Promise<unknown> => {
    const path = `/api/v1/leases/comparison?leases=${encodeURIComponent(leases.join(','))}`
    return (await api.get(path, token)).json()
  }
  const outcomes = async () =>
    LeaseComparisons.parse(await compare(keys)).items.map(({ key, outcome }) => `${key} ${outcome}`)
  expect(await outcomes()).toEqual([
    '2001:db8:0:300::-56 no-partner',
    '2001:db8:0:200::-56 unavailable',
    '2001:db8:0:100::-56 unavailable',
    '2001:db8::-56 unavailable',
  ])
  await startAlpha(ports.alpha)
  expect(await outcomes()).toEqual([
    '2001:db8:0:300::-56 no-partner',
    '2001:db8:0:200::-56 owed',
    '2001:db8:0:100::-56 no-record',
    '2001:db8::-56 agrees',
  ])
  await api.database.prisma.binding.updateMany({ where: { status: 'ACTIVE' }, data: { clientIaid: 2n } })
  expect((await outcomes()).at(-1)).toBe('2001:db8::-56 differs')
  expect(await compare(['printer'])).toMatchObject({ status: 422, fields: [{ field: 'query.leases' }] })
  const many = Array.from({ length: COMPARED_LEASES_MAX + 1 }, (_, index) => `2001:db8::${index}`)
  expect(await compare(many)).toMatchObject({ status: 422, fields: [{ field: 'query.leases' }] })
})

test('the partner is told hashes of the leases of the relationship, and of no other', async () => {
  const { api, ports } = await betaWithChannel()
  const rows = [
    prefixRow('20010db8000000000000000000000000'),
    prefixRow('20010db8000001000000000000000000', { relationship: null }),
  ]
  await api.database.prisma.binding.createMany({ data: rows })
  const channel = { localAddress: '::1', localPort: 0, partnerAddress: '::1', partnerPort: ports.beta }
  const asked = { channel: { ...channel, sharesAccounts: false }, tls: tlsFiles('alpha', 'beta'), clock: Date.now }
  const alpha = new PartnerQuestions(asked)
  endings.push(() => alpha.close())
  const keys = ['2001:db8::-56', '2001:db8:0:100::-56', '2001:db8:0:200::-56', 'printer']
  const answer = await alpha.ask(pathOf({ relationship: 'main', kind: 'lease-hashes', keys }))
  expect(answer).toMatchObject({ kind: 'answered', body: { items: [{ key: '2001:db8::-56', owedToPartner: false }] } })
  expect(answer.kind === 'answered' && HashedLeases.parse(answer.body).items).toHaveLength(1)
})

test('a pool is asked of the partner as it counts it, and of nobody where there is no partner', async () => {
  const { api, token, ports } = await betaWithChannel()
  const { items } = (await (await api.get('/api/v1/pools', token)).json()) as { items: { id: string }[] }
  const key = poolKeyOf(items[0]?.id ?? '')
  const ask = async (): Promise<unknown> => (await api.get(`/api/v1/pools/${key}/partner`, token)).json()
  expect(await ask()).toMatchObject({ serverName: 'alpha', outcome: 'unavailable', counts: null })
  await startAlpha(ports.alpha)
  // The listener that stands for alpha has no pools at all.
  expect(await ask()).toMatchObject({ outcome: 'no-pool', problem: null, counts: null })
  expect((await api.get('/api/v1/pools/nowhere/partner', token)).status).toBe(404)
})

test('the partner is told what this server says of itself, kept to the relationship', async () => {
  const { api, token, ports } = await betaWithChannel()
  const channel = {
    localAddress: '::1',
    localPort: 0,
    partnerAddress: '::1',
    partnerPort: ports.beta,
    sharesAccounts: false,
  }
  const alpha = new PartnerQuestions({ channel, tls: tlsFiles('alpha', 'beta'), clock: Date.now })
  endings.push(() => alpha.close())
  const ask = async (kind: 'status' | 'pools') => {
    const asked = await alpha.ask(pathOf({ relationship: 'main', kind }))
    return asked.kind === 'answered' ? asked.body : asked
  }
  const status = await ask('status')
  expect(ChannelStatus.parse(status)).toMatchObject({
    server: { name: 'beta', version: '0.0.0', stale: false },
    relationship: { state: 'communications-interrupted', partner: { state: 'normal' } },
  })
  expect(status).not.toHaveProperty('relationship.partnerView')
  expect(await ask('pools')).toMatchObject({ items: [{ relationship: 'main' }] })
  for (const lease of ['2001:db8:1::1', 'no address']) {
    const asked = await alpha.ask(pathOf({ relationship: 'main', kind: 'lease', lease }))
    expect(asked).toMatchObject({ kind: 'unusable', status: 404 })
  }
  const server: unknown = await (await api.get('/api/v1/server', token)).json()
  expect(server).toMatchObject({
    listeners: expect.arrayContaining([
      expect.objectContaining({ purpose: 'channel', at: `[::1]:${ports.beta}`, problem: null }),
    ]),
  })
})
