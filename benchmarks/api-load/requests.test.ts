/** The requests of the API's readers. */
import { expect, test } from 'vitest'
import { pathOf, requestKinds } from './requests.ts'

const reader = { leases: 1000, chance: () => 0.5, cursor: undefined }

test('searches name a lease of the store', () => {
  expect(pathOf('one lease', reader)).toBe('/leases/2001:db8:1::1:0:3e9')
  expect(pathOf('address', reader)).toBe('/leases?limit=50&address=2001%3Adb8%3A1%3A%3A1%3A0%3A3e9')
  expect(pathOf('prefix', reader)).toBe('/leases?limit=50&address=2001%3Adb8%3A1%3A%3A1%3A0%3A300%2F120')
  expect(pathOf('DUID part', reader)).toBe('/leases?limit=50&duid=00%3A00%3A01%3Af4')
})

test('a page goes on where the one before ended', () => {
  expect(pathOf('page', reader)).toBe('/leases?limit=50')
  expect(pathOf('page', { ...reader, cursor: 'abc' })).toBe('/leases?limit=50&cursor=abc')
})

test('each kind asks something else', () => {
  expect(new Set(requestKinds.map((kind) => pathOf(kind, reader))).size).toBe(requestKinds.length)
})
