/** Leases by the words of their clients: the indexes follow every change, and find what reading all rows would find. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Binding } from '@tandem/engine'
import { duidFromHex } from '@tandem/protocol'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import type { LeaseFilter } from './lease-filter.ts'
import { readLeasePage } from './lease-pages.queries.ts'
import { bareBinding, commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { everyLease } from './test-support/every-lease.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  await storage.commit(
    commitOf(1, put(of(1, '00030001aabbccddee01', 7), of(2, '00030001aabbccddee02', 7), bareBinding())),
  )
  await storage.settle()
  consoleDatabase = await openConsoleDatabase(storage.storageUrl)
})

afterEach(async () => {
  await consoleDatabase.close()
  await storage.close()
})

function of(number: number, duid: string, iaid: number): Binding {
  return { ...fullBinding(number), client: { duid: duidFromHex(duid), iaType: 'IA_NA', iaid } }
}

async function found(filter: Partial<LeaseFilter>): Promise<readonly (number | undefined)[]> {
  const wanted = { ...everyLease, ...filter }
  const { rows, count } = await readLeasePage(consoleDatabase, wanted, { after: undefined, limit: 10, countMax: 10 })
  expect(count).toBe(rows.length)
  return rows.map(({ address }) => address.at(-1))
}

test('any part of a DUID, where octets begin and between, alone and with other wishes', async () => {
  expect(await found({ duidPart: 'AABBCC' })).toEqual([1, 2])
  expect(await found({ duidPart: 'ABBCCDDEE02' })).toEqual([2])
  expect(await found({ duidPart: 'E02' })).toEqual([2])
  expect(await found({ duidPart: '01' })).toEqual([1, 2])
  expect(await found({ duidPart: 'AABBCC', iaid: 7, status: 'ACTIVE', kind: 'address' })).toEqual([1, 2])
  expect(await found({ duidPart: 'AABBCC', kind: 'prefix' })).toEqual([])
  expect(await found({ duidPart: 'BBAA' })).toEqual([])
  expect(await found({ iaid: 7 })).toEqual([1, 2])
  expect(await found({ iaid: 8 })).toEqual([])
})

test('a whole DUID finds its client and not another one that ends alike', async () => {
  await storage.commit(commitOf(2, put(of(3, '00020000ab11ccddee01', 7), of(4, '000100012b3c4d5eaabbccddee01', 7))))
  await storage.settle()
  expect(await found({ duidPart: 'CCDDEE01' })).toEqual([1, 3, 4])
  expect(await found({ duidPart: 'AABBCCDDEE01' })).toEqual([1, 4])
  expect(await found({ duidPart: '00030001AABBCCDDEE01' })).toEqual([1])
  expect(await found({ duidPart: '00020000AB11CCDDEE01', iaid: 7, kind: 'address' })).toEqual([3])
  expect(await found({ duidPart: '00020000AB12CCDDEE01' })).toEqual([])
})

test('a lease that has another client is found by that one alone, and one that has none by nobody', async () => {
  await storage.commit(
    commitOf(
      2,
      put(of(1, '00030001112233445566', 8), { ...bareBinding(), prefix: fullBinding(2).prefix, kind: 'address' }),
    ),
  )
  await storage.settle()
  expect(await found({ duidPart: 'AABBCC' })).toEqual([])
  expect(await found({ iaid: 7 })).toEqual([])
  expect(await found({ duidPart: '445566' })).toEqual([1])
  expect(await found({ iaid: 8, duidPart: '112233' })).toEqual([1])
  await storage.commit(commitOf(3, put(of(1, '00030001aabbccddee01', 7))))
  await storage.settle()
  expect(await found({ duidPart: '445566' })).toEqual([])
  expect(await found({ duidPart: 'DDEE01', iaid: 7 })).toEqual([1])
})

test('a host name by parts of its labels', async () => {
  const octets = (text: string): string => Buffer.from(text, 'latin1').toString('hex')
  const fqdn = Uint8Array.from(Buffer.from(`0107${octets('printer')}03${octets('lan')}00`, 'hex'))
  await storage.commit(commitOf(2, put({ ...fullBinding(2), clientFqdn: fqdn })))
  await storage.settle()
  const part = (text: string): readonly string[] => [octets(text).toUpperCase()]
  expect(await found({ hostNameParts: [part('rint'), part('lan')] })).toEqual([2])
  // One letter is two digits, which no index knows.
  expect(await found({ hostNameParts: [part('p'), part('lan')] })).toEqual([2])
  expect(await found({ hostNameParts: [part('print'), part('wan')] })).toEqual([])
})

test('leases that are not active are found by their state, as it is now', async () => {
  await storage.commit(commitOf(2, put({ ...of(1, '00030001aabbccddee01', 7), status: 'ABANDONED' })))
  await storage.settle()
  expect(await found({ status: 'ABANDONED' })).toEqual([1])
  expect(await found({ status: 'ABANDONED', duidPart: 'DDEE02' })).toEqual([])
  await storage.commit(commitOf(3, put({ ...of(1, '00030001aabbccddee01', 7), status: 'RESET' })))
  await storage.settle()
  expect(await found({ status: 'ABANDONED' })).toEqual([])
  expect(await found({ status: 'RESET' })).toEqual([1])
})
