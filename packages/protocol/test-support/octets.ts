/** Octets as a test writes them: hexadecimal digits, spaces where they help, and a comment from # to the end of a line. */
import { bytesFromHex, isHex } from '../src/wire/hex.ts'

export function octets(text: string): Uint8Array {
  const digits = text
    .split('\n')
    .map((line) => line.split('#', 1)[0] ?? '')
    .join('')
    .replace(/[\s|]/gu, '')
  if (!isHex(digits) || digits.length % 2 !== 0) throw new Error(`not octets: ${digits}`)
  return bytesFromHex(digits)
}
