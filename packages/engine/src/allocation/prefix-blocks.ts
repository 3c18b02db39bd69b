/** Which part of a delegated-prefix pool belongs to whom: painted blocks, the longest match wins (RFC 8156 4.2.2). */
import type { OffsetRange } from './free-leases.ts'
import type { Owner } from './pools.ts'

/** `2^sizeBits` delegated prefixes from `first` on; aligned to its size. */
export interface Block {
  readonly first: bigint
  readonly sizeBits: number
  /** `nobody`: in use in another length, which an earlier configuration delegated. */
  readonly owner: Owner | 'nobody'
}

export type OwnedRanges = Readonly<Record<Owner, readonly OffsetRange[]>>

interface Stretch extends OffsetRange {
  readonly owner: Block['owner']
}

/**
 * Everything is the primary's until a block says otherwise; smaller blocks are painted over bigger ones, and what is
 * in use over all.
 */
export function paint(totalBits: number, blocks: Iterable<Block>): OwnedRanges {
  return paintRange({ first: 0n, last: (1n << BigInt(totalBits)) - 1n }, blocks)
}

export function paintRange(whole: OffsetRange, blocks: Iterable<Block>): OwnedRanges {
  const inUseLast = (block: Block): number => (block.owner === 'nobody' ? 1 : 0)
  const bigFirst = [...blocks].sort((a, b) => inUseLast(a) - inUseLast(b) || b.sizeBits - a.sizeBits)
  let stretches: Stretch[] = [{ ...whole, owner: 'primary' }]
  for (const block of bigFirst) stretches = paintOver(stretches, block)
  const ranges: Record<Owner, OffsetRange[]> = { primary: [], secondary: [] }
  for (const stretch of stretches) {
    if (stretch.owner === 'nobody') continue
    const list = ranges[stretch.owner]
    const previous = list.at(-1)
    if (previous !== undefined && previous.last + 1n === stretch.first) {
      list[list.length - 1] = { first: previous.first, last: stretch.last }
    } else {
      list.push({ first: stretch.first, last: stretch.last })
    }
  }
  return ranges
}

function paintOver(stretches: readonly Stretch[], block: Block): Stretch[] {
  const first = block.first
  const last = first + (1n << BigInt(block.sizeBits)) - 1n
  const painted: Stretch[] = []
  let placed = false
  for (const stretch of stretches) {
    if (stretch.last < first || stretch.first > last) {
      if (!placed && stretch.first > last) {
        painted.push({ first, last, owner: block.owner })
        placed = true
      }
      painted.push(stretch)
      continue
    }
    if (stretch.first < first) painted.push({ ...stretch, last: first - 1n })
    if (!placed) {
      painted.push({ first, last, owner: block.owner })
      placed = true
    }
    if (stretch.last > last) painted.push({ ...stretch, first: last + 1n })
  }
  if (!placed) painted.push({ first, last, owner: block.owner })
  return painted
}

export function sizeOf(ranges: readonly OffsetRange[]): bigint {
  return ranges.reduce((sum, range) => sum + (range.last - range.first + 1n), 0n)
}

export function includes(ranges: readonly OffsetRange[], offset: bigint): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if (offset < range.first) high = middle - 1
    else if (offset > range.last) low = middle + 1
    else return true
  }
  return false
}

/** Aligned blocks that fill `ranges` but for the `used` offsets (sorted ascending). */
export function alignedGaps(ranges: readonly OffsetRange[], used: readonly bigint[]): FreeBlock[] {
  const gaps: FreeBlock[] = []
  let index = 0
  for (const range of ranges) {
    let from = range.first
    while (index < used.length && (used[index] ?? 0n) < from) index += 1
    while (index < used.length) {
      const at = used[index]
      if (at === undefined || at > range.last) break
      if (at > from) split(from, at - 1n, gaps)
      from = at + 1n
      index += 1
    }
    if (from <= range.last) split(from, range.last, gaps)
  }
  return gaps
}

export interface FreeBlock {
  readonly first: bigint
  readonly sizeBits: number
}

function split(first: bigint, last: bigint, into: FreeBlock[]): void {
  let at = first
  while (at <= last) {
    let sizeBits = 0
    while (sizeBits < 127) {
      const next = 1n << BigInt(sizeBits + 1)
      if ((at & (next - 1n)) !== 0n || at + next - 1n > last) break
      sizeBits += 1
    }
    into.push({ first: at, sizeBits })
    at += 1n << BigInt(sizeBits)
  }
}

/**
 * At most `atMost` blocks that hold together at most `wanted`, biggest first, taken from the top of the pool:
 * the primary delegates from the bottom, so that the big free blocks stay whole.
 */
export function chooseBlocks(free: readonly FreeBlock[], wanted: bigint, atMost: number): readonly FreeBlock[] {
  const rest = [...free].sort((a, b) => b.sizeBits - a.sizeBits || (a.first < b.first ? 1 : -1))
  const chosen: FreeBlock[] = []
  let left = wanted
  for (const block of rest) {
    let top = block.first + (1n << BigInt(block.sizeBits))
    let bits = block.sizeBits
    while (left > 0n && chosen.length < atMost && bits >= 0 && top > block.first) {
      while (bits >= 0 && 1n << BigInt(bits) > left) bits -= 1
      const size = 1n << BigInt(bits)
      if (top - size < block.first) {
        bits -= 1
        if (bits < 0) break
        continue
      }
      top -= size
      left -= size
      chosen.push({ first: top, sizeBits: bits })
    }
    if (left <= 0n || chosen.length >= atMost) break
  }
  return chosen
}
