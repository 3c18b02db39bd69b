/** Whom each state answers, from which leases, and under which bound (digest 6.2, 8.3, 10.1). */
import { describe, expect, it } from 'vitest'
import type { EndpointState } from '../endpoint-record.ts'
import { isAlarming, mayPromise, stateTable } from './state-table.ts'

// state: primary answers, secondary answers | primary allocates, secondary allocates | bound by MCLT
const expected: Readonly<Record<EndpointState, string>> = {
  STARTUP: 'nobody nobody | nothing nothing | bound',
  NORMAL: 'everyone own-identifier | own own | bound',
  'COMMUNICATIONS-INTERRUPTED': 'everyone everyone | own own | bound',
  'PARTNER-DOWN':
    'everyone everyone | own-then-partners-prefixes-after-mclt own-then-partners-prefixes-after-mclt | free',
  'POTENTIAL-CONFLICT': 'nobody nobody | nothing nothing | bound',
  RECOVER: 'nobody nobody | nothing nothing | bound',
  'RECOVER-WAIT': 'nobody nobody | nothing nothing | bound',
  'RECOVER-DONE': 'own-identifier own-identifier | nothing nothing | bound',
  'RESOLUTION-INTERRUPTED': 'everyone everyone | own own | bound',
  'CONFLICT-DONE': 'everyone nobody | own nothing | bound',
}

describe('the states', () => {
  it.each(Object.entries(expected))('%s has the policy of its section', (name, text) => {
    const { policy } = stateTable[name as EndpointState]
    const { answers, allocatesFrom, mcltBound } = policy
    expect(
      [
        `${answers.primary} ${answers.secondary}`,
        `${allocatesFrom.primary} ${allocatesFrom.secondary}`,
        mcltBound ? 'bound' : 'free',
      ].join(' | '),
    ).toBe(text)
  })

  it('carry their own name', () => {
    for (const [name, definition] of Object.entries(stateTable)) expect(definition.name).toBe(name)
  })

  it('that answer nobody promise nothing', () => {
    expect(mayPromise('RECOVER', 'primary')).toBe(false)
    expect(mayPromise('RECOVER-DONE', 'primary')).toBe(true)
    expect(mayPromise('CONFLICT-DONE', 'secondary')).toBe(false)
  })

  it('raise an alarm when service comes to hang on one server, and not on the way to agreement', () => {
    expect(isAlarming('NORMAL', 'COMMUNICATIONS-INTERRUPTED', false)).toBe(true)
    expect(isAlarming('NORMAL', 'COMMUNICATIONS-INTERRUPTED', true)).toBe(false)
    expect(isAlarming('RECOVER-DONE', 'COMMUNICATIONS-INTERRUPTED', true)).toBe(false)
    expect(isAlarming('POTENTIAL-CONFLICT', 'RESOLUTION-INTERRUPTED', false)).toBe(true)
    expect(isAlarming('RECOVER-DONE', 'NORMAL', true)).toBe(false)
    expect(isAlarming('STARTUP', 'RECOVER', false)).toBe(true)
    expect(isAlarming('STARTUP', 'RECOVER', true)).toBe(false)
  })
})
