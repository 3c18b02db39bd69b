/** What is said of the ways out of a state. */
import type { FailoverState } from '@tandem/api-contract'
import { failoverStates } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { linesOf, waysOut } from './ways-out.ts'
import type { Pair } from './ways-out.ts'

const allowed = { allowed: true, needsForce: false, forceAdmits: null, because: 'beta is out of contact.' }

const alone: Pair = {
  serverName: 'alpha',
  partnerName: 'beta',
  role: 'primary',
  state: 'communications-interrupted',
  previousState: 'normal',
  communicationsOk: false,
  deadlines: [{ kind: 'auto-partner-down', at: '2026-11-27T03:00:00.000Z' }],
  commands: { declarePartnerDown: allowed, handOver: allowed, takeBack: allowed, resync: allowed, rebalance: allowed },
}

function said(of: Pair, from: FailoverState, to: FailoverState): readonly string[] {
  return waysOut(of, from)
    .filter((way) => way.to === to)
    .flatMap(({ triggers }) => triggers.map(({ words }) => words))
}

describe('the ways out of COMMUNICATIONS-INTERRUPTED', () => {
  it('are those of the state machine', () => {
    expect(waysOut(alone, alone.state).map(({ to }) => to)).toEqual(['normal', 'potential-conflict', 'partner-down'])
    expect(said(alone, alone.state, 'normal')).toEqual([
      'beta reports NORMAL, COMMUNICATIONS-INTERRUPTED or RECOVER-DONE',
    ])
    expect(said(alone, alone.state, 'partner-down')).toEqual([
      'beta stays out of contact for as long as autoPartnerDown says, where it is configured',
      'you declare beta down; while beta is in contact by force only',
    ])
  })

  it('say what has a clock, what waits for contact, and what is not allowed now', () => {
    const [toNormal, , toPartnerDown] = waysOut(alone, alone.state)
    expect(toNormal?.triggers[0]).toMatchObject({ at: null, remark: 'Needs contact with beta, which is missing now' })
    expect(toPartnerDown?.triggers.map(({ at, remark }) => ({ at, remark }))).toEqual([
      { at: '2026-11-27T03:00:00.000Z', remark: null },
      { at: null, remark: null },
    ])
    const refused: Pair = {
      ...alone,
      deadlines: [],
      commands: {
        ...alone.commands,
        declarePartnerDown: { ...allowed, allowed: false, because: 'The server is being shut down.' },
      },
    }
    const remarks = waysOut(refused, alone.state)[2]?.triggers.map(({ remark }) => remark)
    expect(remarks).toEqual(['Not armed: no such time runs', 'Not now: The server is being shut down.'])
  })

  it('say why the command needs force now, whatever the table says of the state', () => {
    const forced = { ...allowed, needsForce: true, because: 'beta had served alone.' }
    const of: Pair = {
      ...alone,
      state: 'resolution-interrupted',
      commands: { ...alone.commands, declarePartnerDown: forced },
    }
    const remarks = waysOut(of, of.state).flatMap(({ triggers }) => triggers.map(({ remark }) => remark))
    expect(remarks).toContain('Now by force only: beta had served alone.')
  })

  it('say nothing of the present where another state is looked at', () => {
    const elsewhere = waysOut({ ...alone, state: 'normal', communicationsOk: true }, 'communications-interrupted')
    for (const { at, remark } of elsewhere.flatMap(({ triggers }) => triggers)) {
      expect({ at, remark }).toEqual({ at: null, remark: null })
    }
  })
})

it('roles differ where the standard lets them: only a secondary goes from POTENTIAL-CONFLICT to NORMAL', () => {
  const targets = (role: Pair['role']) => waysOut({ ...alone, role }, 'potential-conflict').map(({ to }) => to)
  expect(targets('primary')).toEqual(['resolution-interrupted', 'conflict-done'])
  expect(targets('secondary')).toEqual(['resolution-interrupted', 'normal'])
  const isLine = (role: Pair['role']) =>
    linesOf({ role }).some(({ from, to }) => from === 'potential-conflict' && to === 'normal')
  expect([isLine('primary'), isLine('secondary')]).toEqual([false, true])
})

it('a state that is passed through is named with where it leads', () => {
  expect(said(alone, 'normal', 'communications-interrupted')).toContain(
    'beta reports PARTNER-DOWN, POTENTIAL-CONFLICT, RESOLUTION-INTERRUPTED or CONFLICT-DONE; it goes on to POTENTIAL-CONFLICT at once',
  )
})

describe('out of STARTUP', () => {
  it('leads what the state from before makes of it', () => {
    const starting: Pair = { ...alone, state: 'startup', previousState: 'recover-wait', deadlines: [] }
    expect(waysOut(starting, 'startup').map(({ to }) => to)).toEqual(['recover-wait'])
    expect(said(starting, 'startup', 'recover-wait')).toEqual(['beta is heard, or the start-up time is over'])
    const afterNormal: Pair = { ...starting, previousState: 'normal' }
    expect(waysOut(afterNormal, 'startup').map(({ to }) => to)).toEqual([
      'communications-interrupted',
      'potential-conflict',
      'recover',
    ])
    const ends: Pair = { ...afterNormal, deadlines: [{ kind: 'startup-ends', at: '2026-11-27T03:00:10.000Z' }] }
    expect(waysOut(ends, 'startup').map(({ triggers }) => triggers.map(({ at }) => at))).toEqual([
      ['2026-11-27T03:00:10.000Z'],
      [null],
      [null],
    ])
  })

  it('may lead anywhere but to NORMAL and STARTUP where a server is not starting now', () => {
    const targets = waysOut(alone, 'startup').map(({ to }) => to)
    expect(new Set(targets)).toEqual(new Set(failoverStates.filter((each) => each !== 'startup' && each !== 'normal')))
    expect(said(alone, 'startup', 'partner-down')).toContain(
      'beta is heard, or the start-up time is over, where alpha was in PARTNER-DOWN before',
    )
  })
})

it('every state has a way out, in words that end', () => {
  for (const role of ['primary', 'secondary'] as const) {
    for (const state of failoverStates) {
      const ways = waysOut({ ...alone, role }, state)
      expect(ways.length, state).toBeGreaterThan(0)
      for (const { words, rule } of ways.flatMap(({ triggers }) => triggers)) {
        expect(words).not.toMatch(/undefined|\s$/u)
        expect(rule).toMatch(/^RFC 8156 /u)
      }
    }
  }
})
