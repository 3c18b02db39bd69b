/** A password for somebody else to begin with: easy to read out, and not to be guessed (100 random bits). */

/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789x'
const GROUPS = 4
const GROUP_LENGTH = 5

export function madeUpPassword(random: (octets: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string {
  const letters = [...random(new Uint8Array(GROUPS * GROUP_LENGTH))].map((octet) => LETTERS[octet % LETTERS.length])
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(''),
  ).join('-')
}
