/** Octets come back as they were put, their blocks are used again, and nothing writes into what is elsewhere. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OctetArena } from './octet-arena.ts'

const anyOctets = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 505, maxLength: 520 }),
  fc.uint8Array({ minLength: 2000, maxLength: 2000 }),
)
const anyPut = fc.record({ at: fc.nat(8), octets: fc.option(anyOctets, { nil: undefined }) })

describe('octets outside of the heap', () => {
  test('are as in a map, after any changes', () => {
    fc.assert(
      fc.property(fc.array(anyPut, { maxLength: 60 }), (puts) => {
        const arena = new OctetArena()
        const refs = new Map<number, number>()
        const model = new Map<number, Uint8Array | undefined>()
        for (const { at, octets } of puts) {
          refs.set(at, arena.put(refs.get(at) ?? 0, octets))
          model.set(at, octets)
          for (const [each, ref] of refs) expect(arena.get(ref)).toEqual(model.get(each))
        }
      }),
    )
  })

  test('what is given out is a copy, and so is what is kept', () => {
    const arena = new OctetArena()
    for (const length of [4, 2000]) {
      const octets = new Uint8Array(length).fill(1)
      const ref = arena.put(0, octets)
      octets.fill(2)
      arena.get(ref)?.fill(3)
      expect(arena.get(ref)).toEqual(new Uint8Array(length).fill(1))
    }
  })

  test('are compared with others, with length', () => {
    const arena = new OctetArena()
    const ref = arena.put(0, Uint8Array.from([1, 2]))
    expect(arena.isEqual(ref, Uint8Array.from([1, 2]))).toBe(true)
    expect(arena.isEqual(ref, Uint8Array.from([1, 3]))).toBe(false)
    expect(arena.isEqual(ref, Uint8Array.from([1, 2, 0]))).toBe(false)
    expect(arena.isEqual(0, new Uint8Array(0))).toBe(false)
  })

  test('a block that was left is used by the next of its size', () => {
    const arena = new OctetArena()
    for (const length of [10, 3000]) {
      const left = arena.put(0, new Uint8Array(length))
      expect(arena.put(left, undefined)).toBe(0)
      expect(arena.put(0, new Uint8Array(length + 1))).toBe(left)
    }
  })

  test('thousands of them, of one size, do not touch each other', () => {
    const arena = new OctetArena()
    const octetsOf = (number: number): Uint8Array => Uint8Array.from([number >>> 8, number & 0xff, 7])
    const refs = Array.from({ length: 3000 }, (_, number) => arena.put(0, octetsOf(number)))
    expect(refs.map((ref) => arena.get(ref))).toEqual(refs.map((_, number) => octetsOf(number)))
  })
})
