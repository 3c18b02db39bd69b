/** The means behind the table, and that one batch takes every step that it names. */
import { expect, test } from 'vitest'
import { startAlone, startPair } from '../engines/engine-servers.ts'
import { codecNanoseconds } from './codec-share.ts'
import { figuresOf } from './step-figures.ts'
import { timeBatch } from './step-subjects.ts'

test('a run is the mean of its steps, however they were spread over batches; runs have a median', () => {
  const cost = (steps: number, nanoseconds: number) => ({ step: 'RENEW', steps, nanoseconds, codecNanoseconds: 1000 })
  const [figures] = figuresOf([
    [cost(1, 2000), cost(3, 10_000)],
    [cost(2, 2000), { ...cost(9, 9), step: 'other' }],
    [cost(1, 9000)],
  ])
  expect(figures?.runs).toEqual([3, 1, 9])
  expect(figures?.microseconds).toEqual({ lowest: 1, median: 3, highest: 9, count: 3 })
  expect(figures?.codecMicroseconds.median).toBe(0.5)
})

const plan = { leases: 20, clients: 10, firstNewClient: 20, clock: () => performance.now() }

test('a batch of a pair takes each step once for each client, updates and acknowledgements among them', () => {
  const timed = timeBatch({ ...plan, servers: startPair(20), isPair: true })
  const told = ['RENEW', 'REQUEST', 'REQUEST, relayed', 'REQUEST of a prefix']
  expect(new Set(timed.map(({ step }) => step))).toEqual(
    new Set([
      ...told,
      'SOLICIT',
      'SOLICIT, relayed',
      'SOLICIT of a prefix',
      ...told.flatMap((step) => [`BNDUPD received after ${step}`, `BNDREPLY received after ${step}`]),
    ]),
  )
  for (const { steps, nanoseconds, taken, given } of timed) {
    expect(steps).toBe(10)
    expect(nanoseconds).toBeGreaterThan(0)
    expect(codecNanoseconds(taken, given, () => performance.now())).toBeGreaterThan(0)
  }
  const changed = timed.filter(({ step }) => !step.startsWith('SOLICIT'))
  for (const { given } of changed) expect(given.every(({ commit }) => commit.length > 0)).toBe(true)
})

test('a server alone has no partner to tell', () => {
  const timed = timeBatch({ ...plan, servers: startAlone(20), isPair: false })
  expect(timed.map(({ step }) => step)).toEqual([
    'RENEW',
    'SOLICIT',
    'REQUEST',
    'SOLICIT, relayed',
    'REQUEST, relayed',
    'SOLICIT of a prefix',
    'REQUEST of a prefix',
  ])
})
