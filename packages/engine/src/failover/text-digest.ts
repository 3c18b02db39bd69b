/** A short name of a long text, to see whether two servers hold the same one; no protection against forgery, which TLS gives. */

/** Four sums with multipliers of their own, as FNV-1a goes. */
const LANES = [
  [0x811c_9dc5, 0x0100_0193],
  [0x9e37_79b9, 0x85eb_ca6b],
  [0x243f_6a88, 0xc2b2_ae35],
  [0xb7e1_5162, 0x27d4_eb2f],
] as const

/** 32 hexadecimal digits. */
export function digestOf(text: string): string {
  return LANES.map(([start, multiplier]) => {
    let sum: number = start
    for (let at = 0; at < text.length; at += 1) {
      sum = Math.imul(sum ^ text.charCodeAt(at), multiplier)
      sum ^= sum >>> 15
    }
    return (sum >>> 0).toString(16).padStart(8, '0')
  }).join('')
}
