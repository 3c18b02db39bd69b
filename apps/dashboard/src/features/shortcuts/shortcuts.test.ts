/** Keys, one after another. */
import { describe, expect, it } from 'vitest'
import { BETWEEN_KEYS_MS, shortcutOf, shortcutsFor } from './shortcuts.ts'

const all = shortcutsFor('administrator')
const nameOf = (before: string | undefined, key: string, afterMs = 100) => {
  const found = shortcutOf(all, before === undefined ? undefined : { key: before, atMs: 0 }, { key, atMs: afterMs })
  return typeof found === 'object' ? found.name : found
}

describe('a key', () => {
  it('is a shortcut of its own, the first of two, or nothing', () => {
    expect(nameOf(undefined, '?')).toBe('Show these keys')
    expect(nameOf(undefined, 'g')).toBe('waiting')
    expect(nameOf(undefined, 'l')).toBeUndefined()
  })

  it('completes the one before it, in time', () => {
    expect(nameOf('g', 'l')).toBe('Leases')
    expect(nameOf('g', 'l', BETWEEN_KEYS_MS + 1)).toBeUndefined()
    expect(nameOf('g', '?')).toBe('Show these keys')
  })
})

describe('the shortcuts', () => {
  it('lead a viewer nowhere that refuses him', () => {
    const names = shortcutsFor('viewer').map(({ name }) => name)
    expect(names).toContain('Leases')
    expect(names).not.toContain('Audit')
    expect(names).not.toContain('Access')
  })

  it('differ', () => {
    const keys = all.map((each) => each.keys.join(' '))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
