/** The hash is HalfSipHash-1-3, and another seed gives another order of values. */
import { expect, test } from 'vitest'
import { hashOfWords } from './keyed-hash.ts'

test('gives what other implementations of HalfSipHash-1-3 give', () => {
  const words = Uint32Array.from([0x03020100, 0x07060504])
  // As in the Linux kernel, for messages of the octets 0, 1, 2 and so on, and the same key.
  const known = [0x5814c896, 0x7e059ea6, 0x577999b1]
  const found = known.map((_, count) => hashOfWords(words, 0, count, [0x03020100, 0x07060504]) >>> 0)
  expect(found).toEqual(known)
})

test('depends on the place of a word, on how many there are, and on the seed', () => {
  const words = Uint32Array.from([9, 1, 2, 0])
  const hashes = [
    hashOfWords(words, 1, 2, [0, 0]),
    hashOfWords(Uint32Array.from([2, 1]), 0, 2, [0, 0]),
    hashOfWords(words, 1, 3, [0, 0]),
    hashOfWords(words, 1, 2, [1, 0]),
    hashOfWords(words, 1, 2, [0, 1]),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashOfWords(Uint32Array.from([1, 2]), 0, 2, [0, 0])).toBe(hashes[0])
})
