/** 128-bit numbers in octets, as two halves of 64 bits: shifting a bigint down to each group costs many times more. */

export function setUint128(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value >> 64n)
  // Of this it takes the lowest 64 bits.
  view.setBigUint64(at + 8, value)
}

export function getUint128(view: DataView, at: number): bigint {
  return (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
}
