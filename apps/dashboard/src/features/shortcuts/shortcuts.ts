/** What the keys of the console do, and what is made of one key after another. */
import { roleMay } from '@tandem/api-contract'
import type { Role } from '@tandem/api-contract'
import { paths } from '../../paths.ts'

export interface Shortcut {
  /** One key, or two one after the other. */
  readonly keys: readonly string[]
  readonly name: string
  readonly act: { readonly kind: 'help' } | { readonly kind: 'find' } | { readonly kind: 'go'; readonly to: string }
}

const go = (key: string, name: string, to: string): Shortcut => ({ keys: ['g', key], name, act: { kind: 'go', to } })

export function shortcutsFor(role: Role): readonly Shortcut[] {
  return [
    { keys: ['?'], name: 'Show these keys', act: { kind: 'help' } },
    { keys: ['/'], name: 'Find: to the first search field of the page, or to the leases', act: { kind: 'find' } },
    go('o', 'Overview', paths.overview()),
    go('l', 'Leases', paths.leases()),
    go('p', 'Pools', paths.pools()),
    go('r', 'Relationships', paths.relationships()),
    go('d', 'Decisions', paths.decisions()),
    go('k', 'Checks', paths.checks()),
    ...(roleMay(role, 'operators.manage') ? [go('c', 'Access', paths.operators())] : []),
    ...(roleMay(role, 'audit.read') ? [go('a', 'Audit', paths.audit())] : []),
    go('u', 'Your account', paths.account()),
  ]
}

/** So long the second key may be waited for. */
export const BETWEEN_KEYS_MS = 1_500

export interface Pressed {
  readonly key: string
  readonly atMs: number
}

/** The shortcut that this key completes; `waiting`: it may be the first of two. */
export function shortcutOf(
  shortcuts: readonly Shortcut[],
  before: Pressed | undefined,
  { key, atMs }: Pressed,
): Shortcut | 'waiting' | undefined {
  const isInTime = before !== undefined && atMs - before.atMs <= BETWEEN_KEYS_MS
  const second = isInTime ? shortcuts.find(({ keys }) => keys[0] === before.key && keys[1] === key) : undefined
  if (second !== undefined) return second
  const single = shortcuts.find(({ keys }) => keys.length === 1 && keys[0] === key)
  return single ?? (shortcuts.some(({ keys }) => keys.length === 2 && keys[0] === key) ? 'waiting' : undefined)
}
