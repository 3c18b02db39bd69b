/** What the pages on access work out by themselves. */
import { Password } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { madeUpPassword } from './made-up-password.ts'
import { sharingWords } from './sharing-words.ts'
import { scopeOf, scopeWords } from './scope-words.ts'
import { tokenEndAt, tokenEnds, tokenStateOf } from './token-end.ts'

const NOW = Date.parse('2026-11-27T00:00:00.000Z')
const inDays = (days: number): string => new Date(NOW + days * 86_400_000).toISOString()

describe('a password that is made up', () => {
  it('is one that the server takes, in groups that can be read out', () => {
    const octets = (target: Uint8Array<ArrayBuffer>) => target.map((_, index) => index * 13)
    const password = madeUpPassword(octets)
    expect(password).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    expect(Password.safeParse(password).success).toBe(true)
    expect(madeUpPassword((target) => target)).not.toBe(password)
  })
})

describe('the end of a token', () => {
  it('is so many days away, or none', () => {
    expect(tokenEndAt('30', NOW)).toBe(inDays(30))
    expect(tokenEndAt('', NOW)).toBeNull()
    expect(tokenEnds[0].value).not.toBe('')
  })

  it('is said when it is near or over', () => {
    expect([null, inDays(14), inDays(13), inDays(0)].map((end) => tokenStateOf(end, NOW))).toEqual([
      'good',
      'good',
      'ends-soon',
      'expired',
    ])
  })
})

describe('the scope of a token', () => {
  it('offers what its role may do, each in words', () => {
    expect(scopeOf('viewer')).toEqual(['status.read', 'leases.read'])
    expect(scopeOf('administrator')).toEqual(Object.keys(scopeWords))
  })
})

describe('whether accounts are shared', () => {
  const sharing = {
    relationship: 'pair',
    serverName: 'beta',
    since: '2026-11-27T00:00:00.000Z',
    asOf: null,
    problem: 'there is no private channel to it',
  } as const

  it('is said plainly, and a revocation that does not reach the partner most of all', () => {
    expect(sharingWords({ ...sharing, state: 'in-step', problem: null })).toMatchObject({ tone: 'ok' })
    expect(sharingWords({ ...sharing, state: 'in-step' })).toMatchObject({ tone: 'degraded' })
    expect(sharingWords({ ...sharing, state: 'silent' }).text).toContain('a revoked token too')
    expect(sharingWords({ ...sharing, state: 'own-accounts' }).text).toMatch(/of its own.*no private channel/)
    expect(sharingWords({ ...sharing, state: 'unusable' }).text).toContain('revoke and remove there too')
  })
})
