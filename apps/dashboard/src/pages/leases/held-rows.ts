/** Rows never move under a pointer or the focus: while the table is held, known rows change in place and others wait. */
import type { Lease } from '@tandem/api-contract'

export interface Rows {
  readonly leases: readonly Lease[]
  /** Leases that the newest answer has and the table does not show yet. */
  readonly waiting: number
  /** Leases shown that the newest answer does not have any more. */
  readonly gone: ReadonlySet<string>
}

export function rowsNow(shown: readonly Lease[], newest: readonly Lease[], held: boolean): Rows {
  if (!held) return { leases: newest, waiting: 0, gone: new Set() }
  const byKey = new Map(newest.map((lease) => [lease.key, lease]))
  const shownKeys = new Set(shown.map(({ key }) => key))
  return {
    leases: shown.map((lease) => byKey.get(lease.key) ?? lease),
    waiting: newest.filter(({ key }) => !shownKeys.has(key)).length,
    gone: new Set(shown.filter(({ key }) => !byKey.has(key)).map(({ key }) => key)),
  }
}

/** Keys of leases that are new or changed their state or lifetime between two answers to the same question. */
export function changedKeys(before: readonly Lease[], after: readonly Lease[]): readonly string[] {
  const known = new Map(before.map((lease) => [lease.key, lease]))
  return after
    .filter((lease) => {
      const old = known.get(lease.key)
      return old === undefined || old.state !== lease.state || old.stateExpiresAt !== lease.stateExpiresAt
    })
    .map(({ key }) => key)
}
