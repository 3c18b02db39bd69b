/** HalfSipHash-1-3 (Aumasson and Bernstein) over 32-bit words: who does not know the seed cannot make values collide. */

/** Two 32-bit numbers. A server takes them by chance at its start; no answer depends on them, only how long it takes. */
export type HashSeed = readonly [number, number]

export const FIXED_SEED: HashSeed = [0, 0]

/** Of `count` words from `from` on: a 32-bit number, perhaps negative. */
export function hashOfWords(words: Uint32Array, from: number, count: number, [seed0, seed1]: HashSeed): number {
  let v0 = seed0 | 0
  let v1 = seed1 | 0
  let v2 = 0x6c796765 ^ seed0
  let v3 = 0x74656462 ^ seed1
  // One round for each word and one for the length in octets, which is in its highest eight bits; three at the end.
  for (let at = 0; at < count + 4; at += 1) {
    const word = at < count ? (words[from + at] ?? 0) | 0 : at === count ? count << 26 : 0
    if (at === count + 1) v2 ^= 0xff
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  return v1 ^ v3
}
