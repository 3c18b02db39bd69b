/** The limit of the heap follows the machine, or what the system allows of it. */
import { expect, test } from 'vitest'
import { heapLimitMegabytes } from './heap-limit.ts'

const GIGABYTE = 2 ** 30

test('three quarters of the machine, or of what this process may have', () => {
  expect(heapLimitMegabytes(8 * GIGABYTE, 0)).toBe(6144)
  expect(heapLimitMegabytes(8 * GIGABYTE, 2 * GIGABYTE)).toBe(1536)
})

test('a system without a limit tells a number beyond all memory', () => {
  expect(heapLimitMegabytes(8 * GIGABYTE, 2 ** 64)).toBe(6144)
})
