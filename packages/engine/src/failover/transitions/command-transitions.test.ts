/** Who may declare the partner down, when, and what is said when not (RFC 8156 sections 8.8.2, 8.9.2, 8.11.2). */
import { describe, expect, it } from 'vitest'
import type { DeclarePartnerDown } from '../../events.ts'
import type { EndpointState } from '../endpoint-record.ts'
import { allowanceOf, judgeDeclarePartnerDown, onDeclarePartnerDown } from './command-transitions.ts'

function command(seenState: string, force = false): DeclarePartnerDown {
  return { kind: 'declare-partner-down', relationship: 'pair', reason: 'it burns', seenState, force }
}

const allowed: readonly EndpointState[] = ['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'RESOLUTION-INTERRUPTED']
const states = Object.keys(onDeclarePartnerDown) as EndpointState[]

describe('declaring the partner down', () => {
  it.each(states.map((state) => ({ state, expected: allowed.includes(state) })))(
    'is allowed in $state: $expected',
    ({ state, expected }) => {
      const situation = { state, communicationsOk: false, isBlind: false }
      expect(allowanceOf(situation).allowed).toBe(expected)
      expect(allowanceOf(situation).because).toMatch(/\w/)
      const verdict = judgeDeclarePartnerDown(command(state), situation)
      expect(verdict.kind).toBe(expected ? 'go' : state === 'PARTNER-DOWN' ? 'nothing-to-do' : 'refuse')
      if (verdict.kind === 'refuse') {
        expect(verdict.result).toMatchObject({ refusal: 'state-does-not-allow', currentState: state })
      }
    },
  )

  it('is refused when the state is another than the operator saw', () => {
    const verdict = judgeDeclarePartnerDown(command('NORMAL'), {
      state: 'COMMUNICATIONS-INTERRUPTED',
      communicationsOk: false,
      isBlind: false,
    })
    expect(verdict).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'state-changed', currentState: 'COMMUNICATIONS-INTERRUPTED' },
    })
  })

  it('has nothing to do when it is done already, whatever the operator saw', () => {
    const situation = { state: 'PARTNER-DOWN', communicationsOk: false, isBlind: false } as const
    expect(judgeDeclarePartnerDown(command('COMMUNICATIONS-INTERRUPTED'), situation).kind).toBe('nothing-to-do')
  })

  it('is refused while the partner is in contact, unless forced', () => {
    const situation = { state: 'NORMAL', communicationsOk: true, isBlind: false } as const
    expect(judgeDeclarePartnerDown(command('NORMAL'), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'partner-in-contact' },
    })
    expect(judgeDeclarePartnerDown(command('NORMAL', true), situation).kind).toBe('go')
    expect(allowanceOf(situation)).toMatchObject({ allowed: true, needsForce: true })
  })

  it('is refused on a server that hears no client, unless forced', () => {
    const situation = { state: 'COMMUNICATIONS-INTERRUPTED', communicationsOk: false, isBlind: true } as const
    expect(judgeDeclarePartnerDown(command(situation.state), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'hears-no-client' },
    })
    expect(judgeDeclarePartnerDown(command(situation.state, true), situation).kind).toBe('go')
    expect(allowanceOf(situation)).toMatchObject({ allowed: true, needsForce: true })
  })
})
