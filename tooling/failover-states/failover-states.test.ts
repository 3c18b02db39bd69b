/** What the console draws of the state machine is what the engine does. */
import { expect, test } from 'vitest'
import { engineStates } from './engine-states.ts'
import { writtenStates } from './written-states.ts'

test("the contract's states and transitions are the engine's", () => {
  expect(
    writtenStates,
    'run node --conditions=source tooling/failover-states/write-transition-table.ts, then oxfmt',
  ).toEqual(engineStates())
})

test('every state but STARTUP can be reached, and every one can be left', () => {
  const { states, transitions } = engineStates()
  const names = states.map(({ state }) => state)
  expect(new Set(transitions.map(({ from }) => from))).toEqual(new Set(names))
  expect(new Set(transitions.map(({ to }) => to))).toEqual(new Set(names.filter((name) => name !== 'startup')))
})

test.each([
  ['normal', 'communications-interrupted', 'contact-lost'],
  ['communications-interrupted', 'normal', 'partner-reports'],
  ['communications-interrupted', 'partner-down', 'auto-partner-down'],
  ['communications-interrupted', 'partner-down', 'declare-partner-down'],
  ['recover', 'recover-wait', 'updates-complete'],
  ['recover-wait', 'recover-done', 'recover-wait-ends'],
  ['potential-conflict', 'resolution-interrupted', 'contact-lost'],
  // RFC 8156 8.3.2: the partner went on alone after our last promise.
  ['startup', 'recover', 'partner-heard'],
  ['startup', 'communications-interrupted', 'startup-ends'],
] as const)('from %s to %s by %s', (from, to, trigger) => {
  expect(engineStates().transitions).toContainEqual(expect.objectContaining({ from, to, trigger }))
})
