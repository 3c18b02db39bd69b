/** Painted blocks and the choice of blocks to move. */
import { describe, expect, test } from 'vitest'
import type { Owner } from './pools.ts'
import { alignedGaps, chooseBlocks, includes, paint, sizeOf, type Block } from './prefix-blocks.ts'

/** Longest match, done the slow way. */
function ownerByMatch(blocks: readonly (Block & { owner: Owner })[], offset: bigint): Owner {
  let best: (Block & { owner: Owner }) | undefined
  for (const block of blocks) {
    const inside = offset >= block.first && offset < block.first + (1n << BigInt(block.sizeBits))
    if (inside && (best === undefined || block.sizeBits < best.sizeBits)) best = block
  }
  return best?.owner ?? 'primary'
}

describe('painting', () => {
  test('an empty pool is all the primary’s', () => {
    expect(paint(4, [])).toEqual({ primary: [{ first: 0n, last: 15n }], secondary: [] })
  })

  test('agrees with the longest match for nested blocks, whatever their order', () => {
    const blocks: (Block & { owner: Owner })[] = [
      { first: 8n, sizeBits: 3, owner: 'secondary' },
      { first: 12n, sizeBits: 1, owner: 'primary' },
      { first: 13n, sizeBits: 0, owner: 'secondary' },
      { first: 0n, sizeBits: 1, owner: 'secondary' },
      { first: 24n, sizeBits: 3, owner: 'secondary' },
    ]
    for (const order of [blocks, [...blocks].reverse()]) {
      const painted = paint(5, order)
      for (let offset = 0n; offset < 32n; offset += 1n) {
        const owner = ownerByMatch(blocks, offset)
        expect(includes(painted[owner], offset), `offset ${offset}`).toBe(true)
      }
      expect(sizeOf(painted.primary) + sizeOf(painted.secondary)).toBe(32n)
    }
  })
})

describe('choosing blocks', () => {
  test('half of an empty pool is one block, from the top', () => {
    const gaps = alignedGaps([{ first: 0n, last: 255n }], [])
    expect(gaps).toEqual([{ first: 0n, sizeBits: 8 }])
    expect(chooseBlocks(gaps, 128n, 64)).toEqual([{ first: 128n, sizeBits: 7 }])
  })

  test('an uneven wish is met exactly by several blocks', () => {
    const chosen = chooseBlocks([{ first: 0n, sizeBits: 8 }], 100n, 64)
    const sum = chosen.reduce((total, block) => total + (1n << BigInt(block.sizeBits)), 0n)
    expect(sum).toBe(100n)
    for (const block of chosen) expect(block.first % (1n << BigInt(block.sizeBits))).toBe(0n)
  })

  test('gaps leave out used offsets and stay aligned', () => {
    const gaps = alignedGaps([{ first: 0n, last: 15n }], [3n, 4n, 9n])
    const covered = new Set<bigint>()
    for (const gap of gaps) {
      expect(gap.first % (1n << BigInt(gap.sizeBits))).toBe(0n)
      for (let at = 0n; at < 1n << BigInt(gap.sizeBits); at += 1n) covered.add(gap.first + at)
    }
    expect([...covered].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      0n,
      1n,
      2n,
      5n,
      6n,
      7n,
      8n,
      10n,
      11n,
      12n,
      13n,
      14n,
      15n,
    ])
  })

  test('chosen blocks never overlap and never exceed the wish', () => {
    for (let wanted = 1n; wanted <= 64n; wanted += 1n) {
      const gaps = alignedGaps(
        [
          { first: 0n, last: 40n },
          { first: 48n, last: 63n },
        ],
        [5n, 17n, 18n, 50n],
      )
      const seen = new Set<bigint>()
      let sum = 0n
      for (const block of chooseBlocks(gaps, wanted, 64)) {
        for (let at = 0n; at < 1n << BigInt(block.sizeBits); at += 1n) {
          expect(seen.has(block.first + at)).toBe(false)
          seen.add(block.first + at)
          sum += 1n
        }
      }
      expect(sum <= wanted).toBe(true)
      expect(sum).toBe(wanted < 53n ? wanted : 53n)
      for (const used of [5n, 17n, 18n, 50n]) expect(seen.has(used)).toBe(false)
    }
  })

  test('a pool of 2^24 prefixes costs one block, not sixteen million', () => {
    const gaps = alignedGaps([{ first: 0n, last: (1n << 24n) - 1n }], [])
    expect(chooseBlocks(gaps, 1n << 23n, 64)).toEqual([{ first: 1n << 23n, sizeBits: 23 }])
  })
})
