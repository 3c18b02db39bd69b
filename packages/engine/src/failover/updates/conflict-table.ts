/** Which update wins over which record: Figure 4 of RFC 8156 section 7.5.4 as data; `judge-update.ts` says what each word means. */
import type { BindingStatus } from '../../bindings/binding.ts'

/** The four ways in which Figure 4 decides a cell. */
export type Comparison =
  /** "accept": the update is not older than the record. */
  | 'unless-outdated'
  /** "time(1)": the record has run out by our clock. */
  | 'if-run-out'
  /** "time(2)": the partner heard the client after the record's status began. */
  | 'if-client-heard-since'
  /** "accept(3)": the same client, or the partner heard the other one later, or we are the secondary. */
  | 'if-client-yields'

export type LocalRow = 'ACTIVE' | 'EXPIRED' | 'RELEASED' | 'available' | 'RESET' | 'ABANDONED'
export type ReceivedColumn = 'ACTIVE' | 'EXPIRED' | 'RELEASED' | 'available' | 'withdrawn'

export const conflictTable: Readonly<Record<LocalRow, Readonly<Record<ReceivedColumn, Comparison>>>> = {
  ACTIVE: {
    ACTIVE: 'if-client-yields',
    EXPIRED: 'if-run-out',
    RELEASED: 'unless-outdated',
    available: 'if-run-out',
    withdrawn: 'unless-outdated',
  },
  EXPIRED: {
    ACTIVE: 'unless-outdated',
    EXPIRED: 'unless-outdated',
    RELEASED: 'unless-outdated',
    available: 'unless-outdated',
    withdrawn: 'unless-outdated',
  },
  RELEASED: {
    ACTIVE: 'unless-outdated',
    EXPIRED: 'unless-outdated',
    RELEASED: 'unless-outdated',
    available: 'unless-outdated',
    withdrawn: 'unless-outdated',
  },
  available: {
    ACTIVE: 'unless-outdated',
    EXPIRED: 'unless-outdated',
    RELEASED: 'unless-outdated',
    available: 'unless-outdated',
    withdrawn: 'unless-outdated',
  },
  RESET: {
    ACTIVE: 'if-client-heard-since',
    EXPIRED: 'unless-outdated',
    RELEASED: 'unless-outdated',
    available: 'unless-outdated',
    withdrawn: 'unless-outdated',
  },
  ABANDONED: {
    ACTIVE: 'unless-outdated',
    EXPIRED: 'unless-outdated',
    RELEASED: 'unless-outdated',
    available: 'unless-outdated',
    withdrawn: 'unless-outdated',
  },
}

export function rowOf(status: BindingStatus): LocalRow {
  return status === 'FREE' || status === 'FREE-BACKUP' ? 'available' : status
}

export function columnOf(status: BindingStatus): ReceivedColumn {
  if (status === 'FREE' || status === 'FREE-BACKUP') return 'available'
  return status === 'RESET' || status === 'ABANDONED' ? 'withdrawn' : status
}
