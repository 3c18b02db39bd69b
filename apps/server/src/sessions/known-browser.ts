/**
 * A cookie that says only: from this browser an operator has signed in before. It opens nothing; who shows it is counted on his
 * own while others guess (decision 0101). Nothing is stored for it: it is signed with the operator's password hash, so a new
 * password makes it worthless, and so does the operator's removal.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface KnownOperator {
  readonly id: string
  readonly passwordHash: string
}

const FORM = /^(?<browser>[\w-]{22})\.(?<seal>[\w-]{43})$/

export function markBrowser(operator: KnownOperator): string {
  const browser = randomBytes(16).toString('base64url')
  return `${browser}.${sealOf(browser, operator)}`
}

/** What to count its attempts under; undefined: the operator never signed in from there with the present password. */
export function knownBrowser(mark: string | undefined, operator: KnownOperator | null): string | undefined {
  const { browser, seal } = FORM.exec(mark ?? '')?.groups ?? {}
  if (browser === undefined || seal === undefined || operator === null) return undefined
  const expected = Buffer.from(sealOf(browser, operator))
  return timingSafeEqual(expected, Buffer.from(seal)) ? browser : undefined
}

function sealOf(browser: string, { id, passwordHash }: KnownOperator): string {
  return createHmac('sha256', passwordHash).update(`known browser ${id} ${browser}`).digest('base64url')
}
