/** Pages in other orders than that of the keys: each lease once, in its place, whether few are sorted or many walked through. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ipv6AddressToBytes, makePrefix } from '@tandem/protocol'
import { instant } from '@tandem/engine'
import type { Binding } from '@tandem/engine'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import type { LeaseFilter } from './lease-filter.ts'
import { placeOf, type LeaseOrder, type LeasePlace } from './lease-order.ts'
import { readSortedPage } from './sorted-leases.queries.ts'
import { bareBinding, commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { everyLease } from './test-support/every-lease.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

const ADDRESSES = 12_500
const PREFIXES = 3_000
const BEGIN_MS = 1_795_232_000_000

/** Many came into their states in one and the same millisecond, and end in one. */
const timesOf = (number: number) => ({
  statusSince: instant(BEGIN_MS + ((number * 7919) % 5_000)),
  statusExpiresAt: instant(BEGIN_MS + 60_000 + ((number * 104_729) % 3_000)),
})

const bindings: readonly Binding[] = [
  ...Array.from({ length: ADDRESSES }, (_, number) => ({
    ...fullBinding(number),
    ...timesOf(number),
    status: number % 3001 === 0 ? ('ABANDONED' as const) : ('ACTIVE' as const),
    subnetId: `subnet-${number % 3}`,
  })),
  ...Array.from({ length: PREFIXES }, (_, number) => ({
    ...bareBinding(),
    statusSince: timesOf(number).statusSince,
    prefix: makePrefix(fullBinding(number - (number % 2)).prefix.address, 127 + (number % 2)),
    subnetId: `subnet-${number % 3}`,
  })),
]

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeAll(async () => {
  storage = await openTestStorage()
  await storage.commit(commitOf(1, put(...bindings.map((binding) => ({ ...binding, statusSince: instant(1) })))))
  // Each comes into the state that it has in the end only now: the order follows.
  await storage.commit(commitOf(2, put(...bindings)))
  await storage.settle()
  consoleDatabase = await openConsoleDatabase(storage.storageUrl)
})

afterAll(async () => {
  await consoleDatabase.close()
  await storage.close()
})

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
const rangeOf = (first: number, last: number) => ({
  first: ipv6AddressToBytes(fullBinding(first).prefix.address),
  last: ipv6AddressToBytes(fullBinding(last).prefix.address),
})

/** As texts that are in the order of what they say. */
function expected({ within, subnetId, status, kind }: LeaseFilter, { by, isDescending }: LeaseOrder): string[] {
  const valueOf = ({ statusSince, statusExpiresAt }: Binding): number => {
    if (by === 'key') return 0
    return by === 'statusSince' ? statusSince : (statusExpiresAt ?? (isDescending ? 0 : 9_000_000_000_000))
  }
  const texts = bindings.flatMap((binding) => {
    const address = ipv6AddressToBytes(binding.prefix.address)
    const isWanted =
      (kind === undefined || binding.kind === kind) &&
      (subnetId === undefined || binding.subnetId === subnetId) &&
      (status === undefined || binding.status === status) &&
      (within === undefined || (hex(address) >= hex(within.first) && hex(address) <= hex(within.last)))
    const value = String(valueOf(binding)).padStart(13, '0')
    return isWanted ? [`${value} ${binding.kind} ${hex(address)} ${binding.prefix.length}`] : []
  })
  return (isDescending ? texts.toSorted().toReversed() : texts.toSorted()).map((text) => text.slice(14))
}

async function pageByPage(filter: LeaseFilter, order: LeaseOrder, limit: number): Promise<readonly string[]> {
  const found: string[] = []
  let after: LeasePlace | undefined
  for (;;) {
    const page = await readSortedPage(consoleDatabase, filter, { order, after, limit, countMax: 10_001 })
    if (page === undefined) return ['too many']
    expect(page.count).toBe(Math.min(10_001, expected(filter, order).length))
    found.push(...page.rows.map(({ kind, address, length }) => `${kind} ${hex(address)} ${length}`))
    const last = page.rows.at(-1)
    if (last !== undefined) after = placeOf(order, last)
    if (page.rows.length < limit) return found
  }
}

const searches: readonly (readonly [string, Partial<LeaseFilter>, number])[] = [
  ['everything', {}, 4_700],
  ['addresses', { kind: 'address' }, 5_000],
  ['prefixes', { kind: 'prefix' }, 501],
  ['one subnet', { subnetId: 'subnet-1' }, 501],
  ['what most are', { status: 'ACTIVE' }, 5_000],
  ['what is rare', { status: 'ABANDONED' }, 2],
  ['a range of both kinds', { within: rangeOf(1_000, 1_999) }, 499],
  ['a wide range', { within: rangeOf(500, 11_999) }, 6_000],
  ['nothing', { within: rangeOf(20_000, 30_000) }, 5],
]

const orders: readonly LeaseOrder[] = [
  { by: 'key', isDescending: true },
  { by: 'statusSince', isDescending: false },
  { by: 'statusSince', isDescending: true },
]

test.each(searches.flatMap(([name, filter, limit]) => orders.map((order) => ({ name, filter, limit, order }))))(
  '$name, by $order.by, descending: $order.isDescending',
  async ({ filter, limit, order }) => {
    const whole = { ...everyLease, ...filter }
    expect(await pageByPage(whole, order, limit)).toEqual(expected(whole, order))
  },
)

test.each(
  searches.flatMap(([name, filter, limit]) =>
    [false, true].map((isDescending) => ({ name, filter, limit, isDescending })),
  ),
)('$name, by its end where they are few, descending: $isDescending', async ({ filter, limit, isDescending }) => {
  const whole = { ...everyLease, ...filter }
  const order: LeaseOrder = { by: 'statusExpiresAt', isDescending }
  const sorted = expected(whole, order)
  expect(await pageByPage(whole, order, limit)).toEqual(sorted.length > 10_000 ? ['too many'] : sorted)
})

test('a lease that changed has one place', async () => {
  const order: LeaseOrder = { by: 'statusSince', isDescending: true }
  const newest = { ...fullBinding(77), statusSince: instant(BEGIN_MS + 900_000), subnetId: 'subnet-x' }
  await storage.commit(commitOf(3, put(newest)))
  await storage.settle()
  const page = { order, after: undefined, limit: 3, countMax: 10 }
  const first = await readSortedPage(consoleDatabase, everyLease, page)
  expect(first?.rows.map(({ subnetId }) => subnetId)[0]).toBe('subnet-x')
  expect(
    first?.rows.filter(({ address }) => hex(address) === hex(ipv6AddressToBytes(newest.prefix.address))),
  ).toHaveLength(1)
})
