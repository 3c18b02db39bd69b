/** Pages out of a table of many pieces: the same as a list of the same leases in memory, and never long without a pause. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duidToBytes, ipv6AddressToBytes, makePrefix } from '@tandem/protocol'
import type { Binding } from '@tandem/engine'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import type { LeaseFilter } from './lease-filter.ts'
import { readLeasePage } from './lease-pages.queries.ts'
import type { LeaseKey, LeaseRow } from './leases.queries.ts'
import { bareBinding, commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { everyLease } from './test-support/every-lease.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

const ADDRESSES = 13_000
const PREFIXES = 5_000

const address = (number: number): Binding => {
  const binding = fullBinding(number)
  const rare = number % 4001 === 0
  return { ...binding, status: rare ? 'ABANDONED' : 'ACTIVE', subnetId: `subnet-${number % 3}` }
}

/** Some of them share their first address, and differ in length alone. */
const prefix = (number: number): Binding => {
  const binding = bareBinding()
  const first = fullBinding(number - (number % 2)).prefix.address
  return { ...binding, prefix: makePrefix(first, 127 + (number % 2)), subnetId: `subnet-${number % 3}` }
}

const bindings: readonly Binding[] = [
  ...Array.from({ length: ADDRESSES }, (_, number) => address(number + 1)),
  ...Array.from({ length: PREFIXES }, (_, number) => prefix(number)),
]

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeAll(async () => {
  storage = await openTestStorage()
  await storage.commit(commitOf(1, put(...bindings)))
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

/** In the order of the keys. */
function expected({ within, duidPart, subnetId, status, kind }: LeaseFilter): readonly string[] {
  const keyed = bindings.map((binding) => ({ binding, octets: ipv6AddressToBytes(binding.prefix.address) }))
  return keyed
    .filter(({ binding, octets }) => {
      const duid = binding.client === undefined ? '' : hex(duidToBytes(binding.client.duid)).toUpperCase()
      return (
        (kind === undefined || binding.kind === kind) &&
        (subnetId === undefined || binding.subnetId === subnetId) &&
        (status === undefined || binding.status === status) &&
        (duidPart === undefined || duid.includes(duidPart)) &&
        (within === undefined || (hex(octets) >= hex(within.first) && hex(octets) <= hex(within.last)))
      )
    })
    .map(({ binding, octets }) => `${binding.kind} ${hex(octets)} ${binding.prefix.length}`)
    .toSorted()
}

const textOf = ({ kind, address: octets, length }: LeaseRow): string => `${kind} ${hex(octets)} ${length}`

async function pageByPage(filter: LeaseFilter, limit: number): Promise<readonly string[]> {
  const found: string[] = []
  let after: LeaseKey | undefined
  for (;;) {
    const { rows, count } = await readLeasePage(consoleDatabase, filter, { after, limit, countMax: 100_000 })
    expect(count).toBe(expected(filter).length)
    found.push(...rows.map(textOf))
    after = rows.at(-1)
    if (rows.length < limit) return found
  }
}

test.each<readonly [string, Partial<LeaseFilter>, number]>([
  ['everything', {}, 4_500],
  ['addresses', { kind: 'address' }, 3_250],
  ['prefixes', { kind: 'prefix' }, 4_999],
  ['one subnet', { subnetId: 'subnet-1' }, 2_000],
  ['what is rare', { status: 'ABANDONED' }, 2],
  ['a part of a DUID', { duidPart: '000000012C' }, 50],
  ['a part of a DUID that most have', { duidPart: '0003000102' }, 4_000],
  ['what is rare, of one subnet', { status: 'ABANDONED', subnetId: 'subnet-1' }, 2],
  ['a range of both kinds', { within: rangeOf(4_000, 4_999) }, 700],
  ['one address of both kinds', { within: rangeOf(4_000, 4_000) }, 2],
  ['a part of a DUID within a range', { within: rangeOf(100, 9_000), duidPart: '00FF', subnetId: 'subnet-0' }, 3],
  ['nothing', { within: rangeOf(20_000, 30_000) }, 5],
])('%s, page by page', async (_, filter, limit) => {
  const whole = { ...everyLease, ...filter }
  expect(await pageByPage(whole, limit)).toEqual(expected(whole))
})

test('a search through the whole table lets others have their turn', async () => {
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const nothing = { ...everyLease, relayPart: 'FFFFFFFFFFFF' }
  const page = await readLeasePage(consoleDatabase, nothing, { after: undefined, limit: 10, countMax: 10 })
  isOver = true
  expect(page).toEqual({ rows: [], count: 0 })
  expect(turns).toBeGreaterThanOrEqual(4)
})
