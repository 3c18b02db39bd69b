/** Whoever guesses waits; the operator whose account it is does not wait for good. */
import { describe, expect, it } from 'vitest'
import { knownBrowser, markBrowser } from './known-browser.ts'
import { placeOf, SignInLimit } from './sign-in-limit.ts'
import type { Attempt, SignInSource } from './sign-in-limit.ts'

function limitAt() {
  const clock = { nowMs: 0 }
  const limit = new SignInLimit(() => clock.nowMs)
  const begin = (source: Partial<SignInSource>) =>
    limit.begin({ name: 'ada', address: '192.0.2.1', knownBrowser: undefined, ...source })
  const waitMs = (source: Partial<SignInSource>): number => {
    const begun = begin(source)
    if ('waitMs' in begun) return begun.waitMs
    begun.attempt.takenBack()
    return 0
  }
  const attempt = (source: Partial<SignInSource>): Attempt => {
    const begun = begin(source)
    if ('waitMs' in begun) throw new Error(`has to wait ${begun.waitMs} ms`)
    return begun.attempt
  }
  return { clock, begin, waitMs, attempt }
}

/** A guess from each of so many addresses, a second apart at least. */
function guessFromEverywhere({ clock, begin }: ReturnType<typeof limitAt>, addresses: number): void {
  for (let each = 0; each < addresses; each += 1) {
    clock.nowMs += 61_000
    begin({ address: `198.51.100.${each}` })
  }
}

describe('the limit of sign-ins', () => {
  it('counts an address over all names, and an account from one address', () => {
    const stage = limitAt()
    for (let each = 0; each < 5; each += 1) stage.begin({ name: `name ${each}` })
    expect(stage.waitMs({ name: 'yet another' })).toBe(1_000)
    expect(stage.waitMs({ name: 'yet another', address: '192.0.2.2' })).toBe(0)
  })

  it('takes all addresses of a link for one, and an IPv4 address for itself', () => {
    expect(placeOf('2001:db8:1:2:3::4')).toBe('2001:db8:1:2::/64')
    expect(placeOf('fe80::1%eth0')).toBe('fe80::/64')
    expect(placeOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
    expect(placeOf('::1')).toBe('::1')
  })

  it('slows guesses at one account from everywhere, a minute at most, and this machine not at all', () => {
    const stage = limitAt()
    guessFromEverywhere(stage, 40)
    expect(stage.waitMs({})).toBe(60_000)
    expect(stage.waitMs({ name: 'bob' })).toBe(0)
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect(stage.waitMs({ address })).toBe(0)
    stage.clock.nowMs += 60_000
    expect(stage.waitMs({})).toBe(0)
  })

  it('counts a browser that the operator has used on its own', () => {
    const stage = limitAt()
    guessFromEverywhere(stage, 40)
    for (let each = 0; each < 5; each += 1) stage.begin({})
    expect(stage.waitMs({ knownBrowser: 'b' })).toBe(0)
    for (let each = 0; each < 5; each += 1) stage.attempt({ knownBrowser: 'b' })
    expect(stage.waitMs({ knownBrowser: 'b' })).toBe(1_000)
    expect(stage.waitMs({ knownBrowser: 'c' })).toBe(0)
  })

  it('forgives the account after a success, and not the address', () => {
    const stage = limitAt()
    for (let each = 0; each < 3; each += 1) stage.attempt({})
    stage.attempt({}).succeeded()
    for (let each = 0; each < 2; each += 1) stage.attempt({})
    expect(stage.waitMs({})).toBe(1_000)
  })

  it('counts those that are under way', () => {
    const stage = limitAt()
    const begun = Array.from({ length: 5 }, () => stage.attempt({}))
    expect(stage.waitMs({})).toBe(1_000)
    for (const attempt of begun) attempt.takenBack()
    expect(stage.waitMs({})).toBe(0)
  })
})

describe('the mark of a browser', () => {
  const operator = { id: 'o1', passwordHash: '$argon2id$one' }

  it('is known for the operator whom it was made for, with that password', () => {
    const mark = markBrowser(operator)
    expect(knownBrowser(mark, operator)).toBe(mark.split('.')[0])
    expect(markBrowser(operator)).not.toBe(mark)
    expect(knownBrowser(mark, { ...operator, passwordHash: '$argon2id$two' })).toBeUndefined()
    expect(knownBrowser(mark, { ...operator, id: 'o2' })).toBeUndefined()
    expect(knownBrowser(mark, null)).toBeUndefined()
  })

  it.each([undefined, '', 'x', `${'a'.repeat(22)}.${'b'.repeat(43)}`, `${'a'.repeat(22)}.`])('is not %s', (mark) => {
    expect(knownBrowser(mark, operator)).toBeUndefined()
  })
})
