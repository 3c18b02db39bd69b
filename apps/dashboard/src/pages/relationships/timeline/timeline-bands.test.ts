/** States of both servers over time: without overlap, with what is not known left open, and with the time in which a server did not run. */
import type { Timeline, TimelineEntry, TimelineServer } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { lanesOf, stateAt } from './timeline-bands.ts'

const at = (minute: number): string => new Date(Date.parse('2026-11-28T03:00:00.000Z') + minute * 60_000).toISOString()
const ms = (minute: number): number => Date.parse(at(minute))

const alpha: TimelineServer = {
  serverName: 'alpha',
  outcome: 'told',
  problem: null,
  asOf: at(60),
  stateBefore: 'normal',
  completeFrom: null,
}

const change = (minute: number, to: 'partner-down' | 'recover' | 'normal'): TimelineEntry => ({
  kind: 'state-change',
  id: `state-${minute}`,
  serverName: 'alpha',
  at: at(minute),
  from: 'normal',
  to,
  cause: '',
  rule: '',
  inputs: {},
  operator: null,
})
const start = (minute: number, ranUntil: number | null): TimelineEntry => ({
  kind: 'start',
  id: `start-${minute}`,
  serverName: 'alpha',
  at: at(minute),
  version: '1',
  ranUntil: ranUntil === null ? null : at(ranUntil),
})

function bandsOf(oldestFirst: readonly TimelineEntry[], server: Partial<TimelineServer> = {}) {
  const items = oldestFirst.toReversed()
  const timeline: Timeline = {
    relationship: 'pair',
    from: at(0),
    to: at(60),
    servers: [{ ...alpha, ...server }],
    items,
  }
  const [lane] = lanesOf(timeline)
  return lane?.bands.map(({ state, fromMs, toMs }) => [state, (fromMs - ms(0)) / 60_000, (toMs - ms(0)) / 60_000])
}

describe('the lane of a server', () => {
  it('is one state where nothing changed', () => {
    expect(bandsOf([])).toEqual([['normal', 0, 60]])
  })

  it('changes where the server did, whatever another one tells', () => {
    const ofBeta = { ...change(5, 'recover'), serverName: 'beta' }
    expect(bandsOf([ofBeta, change(20, 'partner-down'), change(50, 'normal')])).toEqual([
      ['normal', 0, 20],
      ['partner-down', 20, 50],
      ['normal', 50, 60],
    ])
  })

  it('shows when the server did not run, also from before the stretch', () => {
    expect(bandsOf([start(30, 10), change(33, 'recover')])).toEqual([
      ['normal', 0, 10],
      ['not-running', 10, 30],
      ['startup', 30, 33],
      ['recover', 33, 60],
    ])
    expect(bandsOf([start(30, -100)])).toEqual([
      ['not-running', 0, 30],
      ['startup', 30, 60],
    ])
  })

  it('leaves open what nobody noted', () => {
    expect(bandsOf([start(30, null)])).toEqual([['startup', 30, 60]])
    expect(bandsOf([], { stateBefore: null })).toEqual([])
    expect(bandsOf([change(20, 'recover')], { stateBefore: null })).toEqual([['recover', 20, 60]])
    expect(bandsOf([], { outcome: 'unavailable' })).toEqual([])
  })

  it('begins where its entries are complete, and ends where it was asked', () => {
    expect(bandsOf([change(40, 'recover')], { completeFrom: at(30), asOf: at(55) })).toEqual([
      ['normal', 30, 40],
      ['recover', 40, 55],
    ])
  })
})

it('says the state at a time: at a change the new one, and none where nothing is known', () => {
  const [lane] = lanesOf({
    relationship: 'pair',
    from: at(0),
    to: at(60),
    servers: [{ ...alpha, completeFrom: at(10) }],
    items: [change(40, 'recover')],
  })
  if (lane === undefined) throw new Error('there is a server')
  expect([5, 10, 39, 40, 60].map((minute) => stateAt(lane, ms(minute)))).toEqual([
    undefined,
    'normal',
    'normal',
    'recover',
    'recover',
  ])
})
