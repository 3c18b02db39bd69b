/**
 * Which of two copies of a value is the later, without a clock: each change leaves a mark that is never used again, and a copy
 * keeps the marks that it came from. Who knows the mark of the other is later; where neither does, both were changed at
 * once (decision 0103).
 */
import { createHash, randomBytes } from 'node:crypto'

/** Beyond it two copies count as changed at once, which takes nothing back. */
const MARKS_MAX = 24

export type Order = 'same' | 'own-is-later' | 'told-is-later' | 'at-once'

/** The lineage after one more change. */
export function withChange(lineage: string): string {
  return textOf([randomBytes(9).toString('base64url'), ...marksOf(lineage)])
}

export function orderOf(own: string, told: string): Order {
  const [ownHead, ...ownBefore] = marksOf(own)
  const [toldHead, ...toldBefore] = marksOf(told)
  if (ownHead === toldHead) return 'same'
  // Without a mark it is as it was made, and so before everything else.
  if (ownHead === undefined || toldBefore.includes(ownHead)) return 'told-is-later'
  if (toldHead === undefined || ownBefore.includes(toldHead)) return 'own-is-later'
  return 'at-once'
}

/** Of what both came to; the same whoever computes it. */
export function joined(one: string, other: string): string {
  const [first = '', second = ''] = [one, other].toSorted()
  const heads = [marksOf(first)[0] ?? '', marksOf(second)[0] ?? '']
  const mark = createHash('sha256').update(heads.join(' ')).digest('base64url').slice(0, 12)
  return textOf([mark, ...new Set([...heads, ...interleaved(marksOf(first), marksOf(second))])])
}

function interleaved(one: readonly string[], other: readonly string[]): readonly string[] {
  const longest = Math.max(one.length, other.length)
  return Array.from({ length: longest }, (_, at) => [one[at], other[at]]).flatMap((pair) =>
    pair.filter((mark) => mark !== undefined),
  )
}

const marksOf = (lineage: string): readonly string[] => (lineage === '' ? [] : lineage.split(' '))
const textOf = (marks: readonly string[]): string => marks.slice(0, MARKS_MAX).join(' ')
