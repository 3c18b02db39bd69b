/** Sets of single bits, as three options of RFC 8156 §5.5 carry them. */

export function flagsOf(
  bits: readonly (readonly [isSet: boolean, bit: number])[],
  reserved: number | undefined,
): number {
  return bits.reduce((value, [isSet, bit]) => (isSet ? value | bit : value), reserved ?? 0)
}

export function flagsToText(
  bits: readonly (readonly [isSet: boolean, name: string])[],
  reserved: number | undefined,
): string {
  const names = bits.filter(([isSet]) => isSet).map(([, name]) => name)
  if (reserved !== undefined && reserved !== 0) names.push(`reserved 0x${reserved.toString(16)}`)
  return names.length === 0 ? 'none' : names.join(' ')
}
