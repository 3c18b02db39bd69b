/** A page of leases of several relationships: each partner is asked once, and what moves meanwhile is no difference. */
import { routeExamples } from '@tandem/api-contract'
import type { Lease, LeaseComparison } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import type { ComparedRecords } from '../http/channel-views.ts'
import { compareWithPartners } from './lease-comparison.ts'

const lease = (key: string, more: Partial<Lease> = {}): Lease => {
  return { ...routeExamples.getLease.answer, lease: key, key, relationship: 'main', version: 'v1', ...more }
}

function partnersSay(outcome: LeaseComparison['outcome']) {
  const asked: string[] = []
  const compareLeases = async (relationship: string, leases: readonly Lease[]): Promise<ComparedRecords> => {
    asked.push(`${relationship}: ${leases.map(({ key }) => key).join(' ')}`)
    return {
      partner: {
        relationship,
        serverName: `partner of ${relationship}`,
        asOf: '2026-11-27T01:00:00.000Z',
        problem: null,
      },
      items: leases.map(({ key }) => ({ key, relationship, outcome, owedBy: null })),
    }
  }
  return { asked, channels: { compareLeases } }
}

test('each partner is asked once for its own, and the order stays', async () => {
  const { asked, channels } = partnersSay('agrees')
  const leases = [
    lease('::1'),
    lease('::2', { relationship: 'other' }),
    lease('::3', { relationship: null }),
    lease('::4'),
  ]
  const { items, partners } = await compareWithPartners(async () => leases, channels)
  expect(asked).toEqual(['main: ::1 ::4', 'other: ::2'])
  expect(partners.map(({ serverName }) => serverName)).toEqual(['partner of main', 'partner of other'])
  expect(items.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual([
    '::1 agrees',
    '::2 agrees',
    '::3 no-partner',
    '::4 agrees',
  ])
})

test.each(['differs', 'no-record'] as const)(
  '%s is said only of what is as it was before the question',
  async (outcome) => {
    const reads = [
      [lease('::1'), lease('::2'), lease('::3')],
      [lease('::1'), lease('::2', { version: 'v2' })],
    ]
    const { items } = await compareWithPartners(async () => reads.shift() ?? [], partnersSay(outcome).channels)
    expect(items.map((item) => item.outcome)).toEqual([outcome, 'owed', 'owed'])
    expect(items.map(({ owedBy }) => owedBy)).toEqual([null, null, null])
  },
)

test('nothing that agrees is read again, and nobody is asked where nothing is shared', async () => {
  let reads = 0
  const { asked, channels } = partnersSay('agrees')
  const read = (leases: readonly Lease[]) => async () => {
    reads += 1
    return leases
  }
  await compareWithPartners(read([lease('::1')]), channels)
  const alone = await compareWithPartners(read([lease('::1', { relationship: null })]), channels)
  expect([reads, asked.length, alone.partners]).toEqual([2, 1, []])
})
