/** Every move of the endpoint state machine is made in some story (RFC 8156 section 8, Figure 6). */
import { recordedStates, type EndpointState, type RecordedState, type Role } from '@tandem/engine'
import { expect, it } from 'vitest'
import { expectedAfter } from '../checkers/follows-the-matrix.ts'
import { playScenario, transitionText } from './run-scenario.ts'
import { readScenario, scenarioNames } from './scenario-files.ts'

const roles: readonly Role[] = ['primary', 'secondary']

const made = new Set(scenarioNames().flatMap((name) => [...playScenario(readScenario(name)).transitions]))

/** A secondary never enters CONFLICT-DONE. */
function statesOf(role: Role): readonly RecordedState[] {
  return recordedStates.filter((state) => role === 'primary' || state !== 'CONFLICT-DONE')
}

function move(
  role: Role,
  from: EndpointState,
  to: EndpointState,
  more: { partner?: string; operator?: string } = {},
): string {
  const inputs = more.partner === undefined ? {} : { partnerState: more.partner }
  return transitionText(role, { from, to, operator: more.operator, inputs })
}

function missing(wanted: readonly string[]): readonly string[] {
  return wanted.filter((transition) => !made.has(transition))
}

it('every move that a state of the partner causes is told', () => {
  const wanted = roles.flatMap((role) =>
    statesOf(role).flatMap((own) =>
      recordedStates.flatMap((partner) => {
        const to = expectedAfter(own, partner, role)
        if (to === own) return []
        // Out of NORMAL the way leads through COMMUNICATIONS-INTERRUPTED.
        return own === 'NORMAL'
          ? [move(role, own, 'COMMUNICATIONS-INTERRUPTED', { partner })]
          : [move(role, own, to, { partner })]
      }),
    ),
  )
  expect(wanted.length).toBeGreaterThan(60)
  expect(missing(wanted)).toEqual([])
})

it('every move by contact lost, updates complete, time passed or a command is told', () => {
  const operator = 'ann'
  const wanted = roles.flatMap((role) => [
    move(role, 'NORMAL', 'COMMUNICATIONS-INTERRUPTED'),
    move(role, 'POTENTIAL-CONFLICT', 'RESOLUTION-INTERRUPTED'),
    move(role, 'RECOVER', 'RECOVER-WAIT'),
    move(role, 'RECOVER-WAIT', 'RECOVER-DONE'),
    move(role, 'POTENTIAL-CONFLICT', role === 'primary' ? 'CONFLICT-DONE' : 'NORMAL'),
    move(role, 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN'),
    move(role, 'NORMAL', 'PARTNER-DOWN', { operator }),
    move(role, 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', { operator }),
    move(role, 'RESOLUTION-INTERRUPTED', 'PARTNER-DOWN', { operator }),
  ])
  expect(missing(wanted)).toEqual([])
})

it('every way out of STARTUP, alone and with the partner heard, and every way into it is told', () => {
  const resumed = (state: RecordedState): RecordedState => {
    if (state === 'NORMAL') return 'COMMUNICATIONS-INTERRUPTED'
    return state === 'POTENTIAL-CONFLICT' ? 'RESOLUTION-INTERRUPTED' : state
  }
  for (const role of roles) {
    const exits = new Set(statesOf(role).map(resumed))
    expect(missing([...exits].map((to) => move(role, 'STARTUP', to)))).toEqual([])
    for (const to of [...exits, 'POTENTIAL-CONFLICT' as const]) {
      const heard = recordedStates.map((partner) => move(role, 'STARTUP', to, { partner }))
      expect(
        heard.some((transition) => made.has(transition)),
        `${role} to ${to}`,
      ).toBe(true)
    }
    expect(missing(statesOf(role).map((from) => move(role, from, 'STARTUP')))).toEqual([])
  }
})
