/** The index finds what is in it and nothing else, whatever came and went, also where all want the same place. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_SLOT, SlotHash } from './slot-hash.ts'

function slotsOf(index: SlotHash, hash: number): readonly number[] {
  const found: number[] = []
  for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next()) found.push(slot)
  return found.sort((a, b) => a - b)
}

/** Few hashes, at the end of the table and at its beginning, so that runs of places meet and go around. */
const anyHash = fc.constantFrom(0, 1, 2, 13, 14, 15, -1, -2, 31, 0x7fffffff, -0x80000000)

const anyChange = fc.record({
  kind: fc.constantFrom('add', 'add', 'delete', 'replace'),
  slot: fc.nat(60),
  hash: anyHash,
})

describe('slots by hash', () => {
  test('are as in a map, after any changes', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 200 }), (changes) => {
        const index = new SlotHash()
        const model = new Map<number, number>()
        for (const { kind, slot, hash } of changes) {
          const known = model.get(slot)
          if (kind === 'add' && known === undefined) {
            index.add(slot, hash)
            model.set(slot, hash)
          } else if (kind === 'delete' && known !== undefined) {
            index.delete(slot, known)
            model.delete(slot)
          } else if (kind === 'replace' && known !== undefined) {
            index.replace(slot, known, slot + 100)
            model.delete(slot)
            model.set(slot + 100, known)
          }
          const expected = [...model].filter(([, of]) => of === hash).map(([each]) => each)
          expect(slotsOf(index, hash)).toEqual(expected.sort((a, b) => a - b))
        }
        expect(index.size).toBe(model.size)
      }),
      { numRuns: 300 },
    )
  })

  test('are all found after growth, and none after all are deleted', () => {
    const index = new SlotHash()
    const count = 50_000
    const hashOf = (slot: number): number => Math.imul(slot, 0x9e3779b1) | 0
    for (let slot = 0; slot < count; slot += 1) index.add(slot, hashOf(slot))
    expect(index.size).toBe(count)
    for (let slot = 0; slot < count; slot += 1) if (!slotsOf(index, hashOf(slot)).includes(slot)) expect(slot).toBe(-1)
    for (let slot = 0; slot < count; slot += 2) index.delete(slot, hashOf(slot))
    for (let slot = 0; slot < count; slot += 1) {
      if (slotsOf(index, hashOf(slot)).includes(slot) !== (slot % 2 === 1)) expect(slot).toBe(-1)
    }
    for (let slot = 1; slot < count; slot += 2) index.delete(slot, hashOf(slot))
    expect(index.size).toBe(0)
  })

  test('taking out what is not in is told', () => {
    const index = new SlotHash()
    index.add(1, 7)
    expect(() => index.delete(2, 7)).toThrow('slot 2 is in the index')
    expect(slotsOf(index, 7)).toEqual([1])
  })
})
