/** Lists of leases over the real table: order, pages, filters, single ones. */
import { Lease, LeasePage, Problem } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

let api: ApiFixture
let token: string

const at = Date.UTC(2026, 10, 21, 3, 0, 0)
const fqdn = Buffer.from('0005686f737431076578616d706c6500', 'hex')

function binding(kind: 'address' | 'prefix', hex: string, length: number, more: object = {}) {
  return {
    kind,
    address: Buffer.from(hex.padEnd(32, '0'), 'hex'),
    length,
    subnetId: '2001:db8:1::/64',
    relationship: 'main',
    status: 'ACTIVE',
    clientDuid: Buffer.from('00030001020304050607', 'hex'),
    clientIaType: kind === 'address' ? 'IA_NA' : 'IA_PD',
    clientIaid: 4_294_967_295n,
    statusSince: BigInt(at),
    statusExpiresAt: BigInt(at + 120_000),
    t1Seconds: 30n,
    t2Seconds: 60n,
    preferredSeconds: 120n,
    validSeconds: 120n,
    owedToPartner: true,
    updateSent: false,
    clientFqdn: fqdn,
    commitNumber: 1n,
    ...more,
  }
}

beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  const rows = [
    binding('address', '20010db8000100000000000000000001', 128, { statusSince: BigInt(at + 1000) }),
    binding('address', '20010db8000100000000000000000002', 128, {
      status: 'EXPIRED',
      statusSince: BigInt(at - 2000),
      statusExpiresAt: BigInt(at - 2000),
      clientDuid: Buffer.from('000100012a2b2c2d', 'hex'),
      clientHeardAt: BigInt(at),
      lifetimeRule: '14400|mclt|60|NORMAL|RFC 8156 4.4',
      lifetimeAcked: BigInt(at + 60_000),
    }),
    binding('address', '20010db8000200000000000000000001', 128, {
      subnetId: '2001:db8:2::/64',
      relationship: null,
      statusSince: BigInt(at - 3000),
      partnerHeardClientAt: BigInt(at),
      clientIaid: 7n,
      clientFqdn: Buffer.from('00074465736b2d3137076578616d706c6500', 'hex'),
      relayData: Buffer.from('00120008706f72742d312f37', 'hex'),
    }),
    binding('prefix', '20010db880000100', 56),
    binding('prefix', '20010db880000000', 48, {
      status: 'FREE-BACKUP',
      statusExpiresAt: null,
      clientDuid: null,
      clientIaType: null,
      clientIaid: null,
    }),
  ]
  await api.putLeases(rows)
})
afterAll(async () => api.close())

async function list(query: string): Promise<LeasePage> {
  const response = await api.get(`/api/v1/leases?${query}`, token)
  expect(response.status).toBe(200)
  return LeasePage.parse(await response.json())
}
const names = async (query: string) => (await list(query)).items.map(({ lease }) => lease)

describe('the list of leases', () => {
  it('is in the order of addresses, addresses before prefixes, and counts', async () => {
    const page = await list('')
    expect(page.items.map(({ lease }) => lease)).toEqual([
      '2001:db8:1::1',
      '2001:db8:1::2',
      '2001:db8:2::1',
      '2001:db8:8000::/48',
      '2001:db8:8000:100::/56',
    ])
    expect(page).toMatchObject({ total: { count: '5', exact: true }, nextCursor: null })
  })

  it('goes on from page to page and shows each lease once', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page: LeasePage = await list(`limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ lease }) => lease))
      cursor = page.nextCursor ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(await names(''))
  })

  it.each([
    ['address=2001:db8:1::2', ['2001:db8:1::2']],
    ['address=2001:db8:1::/64', ['2001:db8:1::1', '2001:db8:1::2']],
    ['address=2001:0DB8:0001:0:0:0:0:0001', ['2001:db8:1::1']],
    ['duid=2a:2B', ['2001:db8:1::2']],
    ['subnet=2001:db8:2::/64', ['2001:db8:2::1']],
    ['state=expired', ['2001:db8:1::2']],
    ['state=free-backup', ['2001:db8:8000::/48']],
    ['kind=prefix', ['2001:db8:8000::/48', '2001:db8:8000:100::/56']],
    ['kind=prefix&state=active&duid=030405', ['2001:db8:8000:100::/56']],
    ['relationship=main&state=active', ['2001:db8:1::1', '2001:db8:8000:100::/56']],
    ['iaid=7', ['2001:db8:2::1']],
    ['iaid=4294967295&kind=address', ['2001:db8:1::1', '2001:db8:1::2']],
    ['hostName=Desk-17.exam', ['2001:db8:2::1']],
    ['hostName=host1&kind=prefix&state=active', ['2001:db8:8000:100::/56']],
    ['hostName=EXAMPLE&iaid=7', ['2001:db8:2::1']],
    ['hostName=desk-18', []],
    ['relay=port-1/7', ['2001:db8:2::1']],
    ['relay=00:12:00:08', ['2001:db8:2::1']],
    ['relay=port-2', []],
    ["duid=00&subnet=' OR true --", []],
    ["duid=00&relationship=' OR true --", []],
  ])('finds %s', async (query, expected) => {
    expect(await names(encodeURI(query))).toEqual(expected)
  })

  it.each([
    ['-lease', ['2001:db8:8000:100::/56', '2001:db8:8000::/48', '2001:db8:2::1', '2001:db8:1::2', '2001:db8:1::1']],
    ['stateSince', ['2001:db8:2::1', '2001:db8:1::2', '2001:db8:8000::/48', '2001:db8:8000:100::/56', '2001:db8:1::1']],
    [
      '-stateSince',
      ['2001:db8:1::1', '2001:db8:8000:100::/56', '2001:db8:8000::/48', '2001:db8:1::2', '2001:db8:2::1'],
    ],
    [
      'stateExpiresAt',
      ['2001:db8:1::2', '2001:db8:1::1', '2001:db8:2::1', '2001:db8:8000:100::/56', '2001:db8:8000::/48'],
    ],
    [
      '-stateExpiresAt',
      ['2001:db8:8000:100::/56', '2001:db8:2::1', '2001:db8:1::1', '2001:db8:1::2', '2001:db8:8000::/48'],
    ],
  ])('is in the order %s, page by page', async (sort, expected) => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page: LeasePage = await list(`sort=${sort}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ lease }) => lease))
      cursor = page.nextCursor ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(expected)
  })

  it('goes on in the order in which it began, and in no other', async () => {
    const { nextCursor } = await list('sort=-stateSince&limit=2')
    for (const sort of ['lease', 'stateSince', '-lease']) {
      const response = await api.get(`/api/v1/leases?sort=${sort}&cursor=${nextCursor}`, token)
      expect(response.status).toBe(422)
      expect(Problem.parse(await response.json()).fields?.[0]?.field).toBe('query.cursor')
    }
  })

  it('is a file of comma-separated values too, with all that a filter finds', async () => {
    const response = await api.get('/api/v1/leases.csv?kind=prefix', token)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="leases.csv"')
    const lines = (await response.text()).split('\r\n')
    expect(lines.map((line) => line.split(',', 3).join(' '))).toEqual([
      'lease kind state',
      '2001:db8:8000::/48 prefix free-backup',
      '2001:db8:8000:100::/56 prefix active',
      '',
    ])
    const refused = await api.get('/api/v1/leases.csv?address=somewhere', token)
    expect(refused.status).toBe(422)
    expect(Problem.parse(await refused.json()).fields?.[0]?.field).toBe('query.address')
  })

  it.each(['cursor=nonsense', 'cursor=WzFd', 'address=somewhere', 'duid=xyz', 'iaid=-1', 'hostName=ä', 'sort=colour'])(
    'refuses %s in words',
    async (query) => {
      const response = await api.get(`/api/v1/leases?${query}`, token)
      expect(response.status).toBe(422)
      const [field] = Problem.parse(await response.json()).fields ?? []
      expect(field?.field).toBe(`query.${query.split('=', 1)[0]}`)
    },
  )
})

describe('a single lease', () => {
  it.each(['2001:db8:8000:100::-56', '2001:db8:8000:100::%2F56'])('is found as %s', async (written) => {
    const lease = Lease.parse(await (await api.get(`/api/v1/leases/${written}`, token)).json())
    expect(lease).toMatchObject({ lease: '2001:db8:8000:100::/56', key: '2001:db8:8000:100::-56', kind: 'prefix' })
  })

  it('has every field in words', async () => {
    const lease: unknown = await (await api.get('/api/v1/leases/2001:db8:1::1', token)).json()
    expect(lease).toMatchObject({
      state: 'active',
      stateSince: '2026-11-21T03:00:01.000Z',
      stateExpiresAt: '2026-11-21T03:02:00.000Z',
      client: { duid: '00:03:00:01:02:03:04:05:06:07', iaType: 'IA_NA', iaid: 4_294_967_295 },
      clientHostName: 'host1.example',
      owedToPartner: true,
      ackedPartnerLifetime: null,
    })
  })

  it('explains its lifetime: inputs, rule and section, as data and in words', async () => {
    const lease = Lease.parse(await (await api.get('/api/v1/leases/2001:db8:1::2', token)).json())
    expect(lease.lifetime).toEqual({
      grantedBy: 'this-server',
      at: '2026-11-21T03:00:00.000Z',
      validSeconds: 120,
      sentence:
        '2 min instead of the configured 4 h: the partner had acknowledged 1 min beyond that moment, and a lease may run ' +
        'the maximum client lead time (1 min) ahead of that.',
      desiredSeconds: 14_400,
      limitedBy: 'mclt',
      mcltSeconds: 60,
      ackedPartnerLifetime: '2026-11-21T03:01:00.000Z',
      remainingSeconds: 60,
      state: 'normal',
      rule: 'RFC 8156 4.4',
    })
  })

  it('says when the partner gave it, and nothing where nothing was recorded', async () => {
    const of = async (key: string) => Lease.parse(await (await api.get(`/api/v1/leases/${key}`, token)).json()).lifetime
    expect(await of('2001:db8:2::1')).toMatchObject({ grantedBy: 'partner', validSeconds: 120, rule: null })
    expect(await of('2001:db8:1::1')).toBeNull()
  })

  it('that was never given has no record', async () => {
    expect((await api.get('/api/v1/leases/2001:db8:1::99', token)).status).toBe(404)
    expect((await api.get('/api/v1/leases/somewhere', token)).status).toBe(422)
  })
})
