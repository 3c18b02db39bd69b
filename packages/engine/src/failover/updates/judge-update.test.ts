/** Walks all 30 cells of Figure 4 with the update earlier, inside the five seconds, and later. */
import { StatusCode } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Binding, BindingStatus } from '../../bindings/binding.ts'
import type { Role } from '../../configuration/configuration.ts'
import { addSeconds } from '../../time/instant.ts'
import { conflictTable, type LocalRow, type ReceivedColumn } from './conflict-table.ts'
import { judgeUpdate } from './judge-update.ts'
import type { ToldLease } from './read-update.ts'
import { clientNumber, leased, prefix, T0 } from './update-pair.fixture.ts'

const LEASE = '2001:db8:1::1001'
const NOW = addSeconds(T0, 60)
const mine = clientNumber(1)
const other = clientNumber(2)

const rowStatuses: Readonly<Record<LocalRow, readonly BindingStatus[]>> = {
  ACTIVE: ['ACTIVE'],
  EXPIRED: ['EXPIRED'],
  RELEASED: ['RELEASED'],
  available: ['FREE', 'FREE-BACKUP'],
  RESET: ['RESET'],
  ABANDONED: ['ABANDONED'],
}
const columnStatuses: Readonly<Record<ReceivedColumn, readonly BindingStatus[]>> = {
  ACTIVE: ['ACTIVE'],
  EXPIRED: ['EXPIRED'],
  RELEASED: ['RELEASED'],
  available: ['FREE', 'FREE-BACKUP'],
  withdrawn: ['RESET', 'ABANDONED'],
}

/** The client was heard by us at T0, and the status began then. */
function local(status: BindingStatus, change: Partial<Binding> = {}): Binding {
  const active = leased(undefined, LEASE, mine, T0, 3600)
  return { ...active, status, statusExpiresAt: status === 'ACTIVE' ? active.statusExpiresAt : undefined, ...change }
}

function told(status: BindingStatus, aheadSeconds: number, change: Partial<ToldLease> = {}): ToldLease {
  const at = addSeconds(T0, aheadSeconds)
  const timed = status === 'ACTIVE'
  return {
    kind: 'address',
    prefix: prefix(LEASE),
    client: mine,
    t1Seconds: 1,
    t2Seconds: 2,
    preferredSeconds: 3,
    validSeconds: 4,
    relayData: undefined,
    clientFqdn: undefined,
    status,
    statusSince: at,
    statusExpiresAt: timed ? addSeconds(at, 7200) : undefined,
    clientHeardAt: at,
    partnerRawCltTime: undefined,
    partnerLifetime: timed ? addSeconds(at, 9000) : undefined,
    expirationTime: undefined,
    ...change,
  }
}

/** `take`, or the status code of the refusal. */
function outcome(record: Binding, update: ToldLease, role: Role = 'primary', now = NOW): string | number {
  const judged = judgeUpdate(record, update, now, role)
  return judged.verdict === 'refuse' ? judged.refusal.statusCode : judged.verdict
}

/** Figure 4 once more, by hand from the RFC and not from the table under test. */
const figure4 = [
  ['ACTIVE', 'ACTIVE', 'accept(3)'],
  ['ACTIVE', 'EXPIRED', 'time(1)'],
  ['ACTIVE', 'RELEASED', 'accept'],
  ['ACTIVE', 'available', 'time(1)'],
  ['ACTIVE', 'withdrawn', 'accept'],
  ['EXPIRED', 'ACTIVE', 'accept'],
  ['EXPIRED', 'EXPIRED', 'accept'],
  ['EXPIRED', 'RELEASED', 'accept'],
  ['EXPIRED', 'available', 'accept'],
  ['EXPIRED', 'withdrawn', 'accept'],
  ['RELEASED', 'ACTIVE', 'accept'],
  ['RELEASED', 'EXPIRED', 'accept'],
  ['RELEASED', 'RELEASED', 'accept'],
  ['RELEASED', 'available', 'accept'],
  ['RELEASED', 'withdrawn', 'accept'],
  ['available', 'ACTIVE', 'accept'],
  ['available', 'EXPIRED', 'accept'],
  ['available', 'RELEASED', 'accept'],
  ['available', 'available', 'accept'],
  ['available', 'withdrawn', 'accept'],
  ['RESET', 'ACTIVE', 'time(2)'],
  ['RESET', 'EXPIRED', 'accept'],
  ['RESET', 'RELEASED', 'accept'],
  ['RESET', 'available', 'accept'],
  ['RESET', 'withdrawn', 'accept'],
  ['ABANDONED', 'ACTIVE', 'accept'],
  ['ABANDONED', 'EXPIRED', 'accept'],
  ['ABANDONED', 'RELEASED', 'accept'],
  ['ABANDONED', 'available', 'accept'],
  ['ABANDONED', 'withdrawn', 'accept'],
] as const

const words = {
  accept: 'unless-outdated',
  'time(1)': 'if-run-out',
  'time(2)': 'if-client-heard-since',
  'accept(3)': 'if-client-yields',
} as const

describe('the conflict table', () => {
  test('has the 30 cells of Figure 4', () => {
    expect(figure4).toHaveLength(30)
    for (const [row, column, cell] of figure4)
      expect(conflictTable[row][column], `${row} x ${column}`).toBe(words[cell])
  })

  const cases = figure4.flatMap(([row, column, cell]) =>
    rowStatuses[row].flatMap((mineNow) =>
      columnStatuses[column].flatMap((theirs) =>
        (['primary', 'secondary'] as const).map((role) => ({ mineNow, theirs, cell, role })),
      ),
    ),
  )
  test.each(cases)('$mineNow at the $role receives $theirs: $cell', ({ mineNow, theirs, cell, role }) => {
    const record = local(mineNow)
    const later = outcome(record, told(theirs, 6), role)
    const earlier = outcome(record, told(theirs, -6), role)
    switch (cell) {
      case 'accept':
      case 'accept(3)':
        expect(later).toBe('take')
        expect(earlier).toBe(StatusCode.OutdatedBindingInformation)
        break
      case 'time(1)':
        expect(later).toBe(StatusCode.OutdatedBindingInformation)
        expect(outcome(record, told(theirs, -6), role, addSeconds(T0, 3600))).toBe('take')
        expect(outcome(record, told(theirs, 6), role, addSeconds(T0, 3599))).toBe(StatusCode.OutdatedBindingInformation)
        break
      case 'time(2)':
        expect(later).toBe('take')
        expect(outcome(record, told(theirs, 6, { clientHeardAt: undefined }), role)).toBe(
          StatusCode.OutdatedBindingInformation,
        )
        expect(earlier).toBe(StatusCode.OutdatedBindingInformation)
        break
    }
  })
})

describe('two clients on one lease', () => {
  const theirs = told('ACTIVE', -100, { client: other })
  test('the primary keeps its own and says that it is in use', () => {
    expect(outcome(local('ACTIVE'), theirs, 'primary')).toBe(StatusCode.AddressInUse)
  })
  test('the secondary yields, however old the word of the primary', () => {
    expect(outcome(local('ACTIVE'), theirs, 'secondary')).toBe('take')
    const unheard = told('ACTIVE', -100, { client: other, clientHeardAt: undefined })
    expect(outcome(local('ACTIVE'), unheard, 'secondary')).toBe('take')
  })
  test('the primary yields where the partner heard its client after our status began', () => {
    expect(outcome(local('ACTIVE'), told('ACTIVE', 1, { client: other }), 'primary')).toBe('take')
    const unheard = told('ACTIVE', 1, { client: other, clientHeardAt: undefined })
    expect(outcome(local('ACTIVE'), unheard, 'primary')).toBe(StatusCode.AddressInUse)
  })
  test('the primary yields where the partner has it from us, later than all that our record tells: it is an older copy', () => {
    const fromUs = (afterSeconds: number): ToldLease =>
      told('ACTIVE', -100, { client: other, clientHeardAt: undefined, partnerRawCltTime: addSeconds(T0, afterSeconds) })
    expect(outcome(local('ACTIVE'), fromUs(1), 'primary')).toBe('take')
    expect(outcome(local('ACTIVE'), fromUs(0), 'primary')).toBe(StatusCode.AddressInUse)
    const copied = local('ACTIVE', { clientHeardAt: undefined })
    expect(outcome(copied, fromUs(1), 'primary')).toBe('take')
    expect(outcome(copied, fromUs(0), 'primary')).toBe(StatusCode.AddressInUse)
  })
  test('the same DUID with another IAID is another client', () => {
    const otherIa = told('ACTIVE', -100, { client: { ...mine, iaid: 99 } })
    expect(outcome(local('ACTIVE'), otherIa, 'primary')).toBe(StatusCode.AddressInUse)
  })
})

describe('a part that was given to the partner', () => {
  const gift = (status: 'FREE' | 'FREE-BACKUP') => local(status, { client: undefined, clientHeardAt: undefined })
  const older = told('ACTIVE', -1000)

  test('yields to its grant, however old: a server that lost its store may have made the gift after the grant', () => {
    expect(outcome(gift('FREE-BACKUP'), older, 'primary')).toBe('take')
    expect(outcome(gift('FREE'), older, 'secondary')).toBe('take')
  })

  test('does so only for the partner whose it is, while the lease lasts, and where no client is on record', () => {
    const outdated = StatusCode.OutdatedBindingInformation
    expect(outcome(gift('FREE'), older, 'primary')).toBe(outdated)
    expect(outcome(gift('FREE-BACKUP'), older, 'secondary')).toBe(outdated)
    const over = told('ACTIVE', -1000, { statusExpiresAt: addSeconds(T0, 30) })
    expect(outcome(gift('FREE-BACKUP'), over, 'primary')).toBe(outdated)
    expect(outcome(local('FREE-BACKUP'), older, 'primary')).toBe(outdated)
  })
})

describe('times within five seconds', () => {
  test('exactly five seconds are still a tie, six are not', () => {
    const record = local('EXPIRED')
    expect(outcome(record, told('RELEASED', -5))).toBe('take')
    expect(outcome(record, told('RELEASED', -6))).toBe(StatusCode.OutdatedBindingInformation)
  })
  test('a RELEASE in the second of its REQUEST or soon after is taken', () => {
    const fromPartner = local('ACTIVE', { clientHeardAt: undefined, partnerHeardClientAt: T0 })
    for (const ahead of [0, 1, 4]) expect(outcome(fromPartner, told('RELEASED', ahead))).toBe('take')
    expect(outcome(fromPartner, told('RELEASED', -1))).toBe(StatusCode.OutdatedBindingInformation)
  })
  test('a RELEASE does not end what we have given the same client since, as far as anyone can tell', () => {
    for (const ahead of [-5, 0, 3]) {
      expect(outcome(local('ACTIVE'), told('RELEASED', ahead))).toBe(StatusCode.OutdatedBindingInformation)
    }
    expect(outcome(local('ACTIVE'), told('RELEASED', 6))).toBe('take')
    const copy = told('ACTIVE', 0, { clientHeardAt: addSeconds(T0, -1), partnerRawCltTime: T0 })
    expect(outcome(local('RELEASED'), copy)).toBe(StatusCode.OutdatedBindingInformation)
    expect(outcome(local('RELEASED'), told('ACTIVE', 0))).toBe('take')
  })
  test('the RELEASE of another client ends a lease of the partner only where it is later', () => {
    const fromPartner = local('ACTIVE', { clientHeardAt: undefined, partnerHeardClientAt: T0 })
    expect(outcome(fromPartner, told('RELEASED', 0, { client: other }))).toBe(StatusCode.OutdatedBindingInformation)
    expect(outcome(fromPartner, told('RELEASED', 1, { client: other }))).toBe('take')
  })
  test('the RELEASE of another client does not end what we have given since, as far as anyone can tell', () => {
    for (const ahead of [-5, 0, 1, 5]) {
      const refused = StatusCode.OutdatedBindingInformation
      expect(outcome(local('ACTIVE'), told('RELEASED', ahead, { client: other }))).toBe(refused)
      expect(outcome(local('RELEASED'), told('ACTIVE', -ahead, { client: other }))).toBe('take')
    }
    expect(outcome(local('ACTIVE'), told('RELEASED', 6, { client: other }))).toBe('take')
  })
  test('a declined address stays so, whatever end before it is told a little late', () => {
    for (const ahead of [-5, -1, 0, 1, 5]) {
      for (const end of ['RELEASED', 'EXPIRED', 'FREE'] as const) {
        expect(outcome(local('ABANDONED'), told(end, ahead))).toBe(StatusCode.OutdatedBindingInformation)
      }
      expect(outcome(local('ABANDONED'), told('RESET', ahead))).toBe('take')
      // And the partner, who has that end on record, comes to the same.
      for (const end of ['RELEASED', 'EXPIRED', 'FREE'] as const) {
        expect(outcome(local(end), told('ABANDONED', ahead))).toBe('take')
      }
    }
  })
  test('EXPIRED becomes FREE however soon', () => {
    for (const ahead of [-5, -1, 0, 1, 5]) expect(outcome(local('EXPIRED'), told('FREE', ahead))).toBe('take')
  })
  test('a lease from a part that has just been given is taken although the clocks differ', () => {
    const given = local('FREE-BACKUP', { client: undefined, clientHeardAt: undefined })
    for (const ahead of [-5, 0, 5]) expect(outcome(given, told('ACTIVE', ahead))).toBe('take')
  })
  test('EXPIRED yields to a lease in use and not to one that has run out as well', () => {
    expect(outcome(local('EXPIRED'), told('ACTIVE', 0))).toBe('take')
    const runOut = told('ACTIVE', 0, { statusExpiresAt: addSeconds(T0, 30) })
    expect(outcome(local('EXPIRED'), runOut)).toBe(StatusCode.OutdatedBindingInformation)
  })
  test('EXPIRED by a clock that is ahead is not undone by the lease that it had run out from', () => {
    // The partner heard the client long after us, which we knew when the lease ran out.
    const heardAt = addSeconds(T0, 20)
    const ended = local('EXPIRED', { partnerHeardClientAt: heardAt })
    const runOut = { statusExpiresAt: addSeconds(T0, 55) }
    expect(outcome(ended, told('ACTIVE', 20, runOut))).toBe(StatusCode.OutdatedBindingInformation)
    expect(outcome(ended, told('ACTIVE', 20))).toBe('take')
    expect(outcome(ended, told('ACTIVE', 30, runOut))).toBe('take')
  })
  test('an end that only time brought yields to a grant that was not known, although the client was heard before it', () => {
    // Only the partner ever answered this client; its lease of T0 - 100 s ran out here after the partner's next grant.
    const known = {
      clientHeardAt: undefined,
      partnerHeardClientAt: addSeconds(T0, -100),
      statusSince: addSeconds(T0, 50),
    }
    for (const status of ['EXPIRED', 'FREE', 'FREE-BACKUP'] as const) {
      const ended = local(status, known)
      expect(outcome(ended, told('ACTIVE', 0))).toBe('take')
      const runOut = told('ACTIVE', 0, { statusExpiresAt: addSeconds(T0, 30) })
      // Over as well: both have to record that before it goes to anybody, since the partner may be renewing it now (seed 13356).
      expect(outcome(ended, runOut)).toBe('take')
      // The partner, that had lost its disk, gave the lease to another client before ours ran out here.
      expect(outcome({ ...ended, client: other }, told('ACTIVE', 0))).toBe('take')
      expect(outcome({ ...ended, client: other }, runOut)).toBe('take')
    }
    // An end that somebody made stands, and so does a freed lease against the very word that it ended with.
    expect(outcome(local('RELEASED', known), told('ACTIVE', 0))).toBe(StatusCode.OutdatedBindingInformation)
    expect(outcome(local('FREE', known), told('ACTIVE', -100))).toBe(StatusCode.OutdatedBindingInformation)
  })
  test('where both gave the lease away, the end of ours says nothing about the one that is still in use', () => {
    for (const status of ['EXPIRED', 'FREE', 'FREE-BACKUP'] as const) {
      for (const heardByUs of [addSeconds(T0, 27), undefined]) {
        const ended = local(status, { client: other, clientHeardAt: heardByUs, statusSince: addSeconds(T0, 120) })
        expect(outcome(ended, told('ACTIVE', 0))).toBe('take')
        // Nor when the partner has it from us, who have forgotten it.
        expect(outcome(ended, told('ACTIVE', 0, { partnerRawCltTime: addSeconds(T0, 10) }))).toBe('take')
        const runOut = told('ACTIVE', 0, { statusExpiresAt: addSeconds(T0, 30) })
        expect(outcome(ended, runOut)).toBe(StatusCode.OutdatedBindingInformation)
      }
    }
    // What a client gave back, or somebody found in use, is another matter.
    const since = { client: other, clientHeardAt: addSeconds(T0, 27), statusSince: addSeconds(T0, 120) }
    for (const status of ['RELEASED', 'RESET', 'ABANDONED'] as const) {
      expect(outcome(local(status, since), told('ACTIVE', 0))).toBe(StatusCode.OutdatedBindingInformation)
    }
  })
  test('of an end and a lease that cross, both servers keep the same one', () => {
    for (const ahead of [-5, -1, 0, 1, 5]) {
      const heldActive = outcome(local('ACTIVE'), told('RELEASED', ahead)) === 'take'
      const heldReleased = outcome(local('RELEASED'), told('ACTIVE', -ahead)) === 'take'
      expect(heldActive, `RELEASED ${ahead} s after ACTIVE`).toBe(!heldReleased)
    }
  })
  test('of two renewals of one client the longer lease stays on both servers', () => {
    const longer = addSeconds(T0, 9000)
    expect(outcome(local('ACTIVE'), told('ACTIVE', -3, { statusExpiresAt: longer }))).toBe('take')
    expect(outcome(local('ACTIVE', { statusExpiresAt: longer }), told('ACTIVE', 3))).toBe(
      StatusCode.OutdatedBindingInformation,
    )
  })
})

describe('an update equal to what is stored', () => {
  test('is a repeat, however old', () => {
    const since = addSeconds(T0, -1000)
    const update = told('ACTIVE', -1000)
    const record = local('ACTIVE', {
      statusSince: since,
      statusExpiresAt: update.statusExpiresAt,
      expirationTime: update.partnerLifetime,
      partnerHeardClientAt: update.clientHeardAt,
    })
    expect(outcome(record, update)).toBe('repeat')
    expect(outcome({ ...record, expirationTime: undefined }, update)).toBe(StatusCode.OutdatedBindingInformation)
  })
  test('the end of a lease that we have freed for it already is a repeat', () => {
    const expired = told('EXPIRED', 0, { clientHeardAt: addSeconds(T0, -3600) })
    const freed = local('FREE', { clientHeardAt: addSeconds(T0, 0) })
    expect(outcome(freed, expired)).toBe('repeat')
    expect(outcome({ ...freed, client: other }, expired)).toBe(StatusCode.OutdatedBindingInformation)
  })
})
