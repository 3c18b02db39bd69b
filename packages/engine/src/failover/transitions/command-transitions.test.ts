/** When the partner may be declared down, since when, and what is said when not (RFC 8156 section 8; decisions 0071, 0072). */
import { describe, expect, it } from 'vitest'
import type { DeclarePartnerDown } from '../../events.ts'
import { TEST_START } from '../../../test-support/failover-pair.ts'
import { addSeconds, type Instant } from '../../time/instant.ts'
import type { EndpointState } from '../endpoint-record.ts'
import {
  allowanceOf,
  judgeDeclarePartnerDown,
  onDeclarePartnerDown,
  type CommandSituation,
} from './command-transitions.ts'

function command(seenState: string, force = false, downSince?: Instant): DeclarePartnerDown {
  return { kind: 'declare-partner-down', relationship: 'pair', reason: 'it burns', seenState, force, downSince }
}

const now = TEST_START
const lastHeardFromPartnerAt = addSeconds(now, -600)
const judge = (what: DeclarePartnerDown, situation: CommandSituation, heardAt?: Instant) =>
  judgeDeclarePartnerDown(what, situation, { lastHeardFromPartnerAt: heardAt, now })

const away = (state: EndpointState, partnerEverHeard = true): CommandSituation => ({
  state,
  communicationsOk: false,
  isBlind: false,
  partnerEverHeard,
  partnerHeardSinceStart: true,
  partnerServedAlone: false,
  isHandedOver: false,
})
const inContact = (state: EndpointState): CommandSituation => ({
  state,
  communicationsOk: true,
  isBlind: false,
  partnerEverHeard: true,
  partnerHeardSinceStart: true,
  partnerServedAlone: false,
  isHandedOver: false,
})

const allowed: readonly EndpointState[] = [
  'NORMAL',
  'COMMUNICATIONS-INTERRUPTED',
  'RESOLUTION-INTERRUPTED',
  'RECOVER',
  'CONFLICT-DONE',
]
const states = Object.keys(onDeclarePartnerDown) as EndpointState[]

describe('declaring the partner down', () => {
  it.each(states.map((state) => ({ state, expected: allowed.includes(state) })))(
    'is allowed without contact in $state: $expected',
    ({ state, expected }) => {
      const situation = away(state)
      expect(allowanceOf(situation).allowed).toBe(expected)
      expect(allowanceOf(situation).because).toMatch(/\w/)
      const verdict = judge(command(state, true), situation)
      expect(verdict.kind).toBe(expected ? 'go' : state === 'PARTNER-DOWN' ? 'nothing-to-do' : 'refuse')
      if (verdict.kind === 'refuse') {
        expect(verdict.result).toMatchObject({ refusal: 'state-does-not-allow', currentState: state })
      }
    },
  )

  it('is refused when the state is another than the operator saw', () => {
    expect(judge(command('NORMAL'), away('COMMUNICATIONS-INTERRUPTED'))).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'state-changed', currentState: 'COMMUNICATIONS-INTERRUPTED' },
    })
  })

  it('has nothing to do when it is done already, whatever the operator saw', () => {
    expect(judge(command('COMMUNICATIONS-INTERRUPTED'), away('PARTNER-DOWN')).kind).toBe('nothing-to-do')
  })

  it('is refused while the partner is in contact, unless forced', () => {
    const situation = inContact('NORMAL')
    expect(judge(command('NORMAL'), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'partner-in-contact' },
    })
    expect(judge(command('NORMAL', true), situation).kind).toBe('go')
    expect(allowanceOf(situation)).toMatchObject({ allowed: true, needsForce: true, forceAdmits: 'partner-in-contact' })
  })

  it('is refused on a server that hears no client, unless forced', () => {
    const situation = { ...away('COMMUNICATIONS-INTERRUPTED'), isBlind: true }
    expect(judge(command(situation.state), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'hears-no-client' },
    })
    expect(judge(command(situation.state, true), situation).kind).toBe('go')
    expect(allowanceOf(situation)).toMatchObject({ allowed: true, needsForce: true, forceAdmits: 'hears-no-client' })
  })

  it.each(['RECOVER', 'CONFLICT-DONE'] as const)(
    'is refused in %s while the partner is in contact, forced or not',
    (state) => {
      for (const force of [false, true]) {
        expect(judge(command(state, force), inContact(state))).toMatchObject({
          kind: 'refuse',
          result: { refusal: 'state-does-not-allow' },
        })
      }
      expect(allowanceOf(inContact(state)).allowed).toBe(false)
    },
  )

  it('needs force in RECOVER, where leases may be missing, and says whether that is certain', () => {
    expect(judge(command('RECOVER'), away('RECOVER'))).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'leases-may-be-missing' },
    })
    const never = allowanceOf(away('RECOVER', false))
    expect(never).toMatchObject({ needsForce: true, forceAdmits: 'leases-may-be-missing' })
    expect(never.because).toContain('never been heard')
    expect(allowanceOf(away('RECOVER')).because).toContain('has lost what it knew')
    expect(allowanceOf(away('CONFLICT-DONE'))).toMatchObject({ needsForce: false })
  })

  it('needs force where the partner has not been heard since this server started, and may have served alone', () => {
    for (const state of ['COMMUNICATIONS-INTERRUPTED', 'RESOLUTION-INTERRUPTED', 'CONFLICT-DONE'] as const) {
      const situation = { ...away(state), partnerHeardSinceStart: false }
      expect(allowanceOf(situation)).toMatchObject({ needsForce: true, forceAdmits: 'leases-may-be-missing' })
      expect(allowanceOf(situation).because).toContain('not been heard since this server started')
      expect(judge(command(state), situation)).toMatchObject({
        kind: 'refuse',
        result: { refusal: 'leases-may-be-missing' },
      })
      expect(judge(command(state, true), situation).kind).toBe('go')
      // Whoever knows that it did not serve alone knows since when it does not run.
      expect(judge(command(state, true, now), situation).kind).toBe('go')
    }
  })

  it('needs force in RESOLUTION-INTERRUPTED where the partner had served alone before the conflict', () => {
    const state = 'RESOLUTION-INTERRUPTED'
    const situation = { ...away(state), partnerServedAlone: true }
    expect(allowanceOf(away(state))).toMatchObject({ needsForce: false })
    expect(allowanceOf(situation)).toMatchObject({ needsForce: true, forceAdmits: 'leases-may-be-missing' })
    expect(judge(command(state), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'leases-may-be-missing' },
    })
    expect(judge(command(state, true), situation).kind).toBe('go')
    expect(judge(command(state, true, now), situation)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'down-since-impossible' },
    })
  })
})

describe('the time since when the partner does not run', () => {
  const state = 'COMMUNICATIONS-INTERRUPTED'
  const since = (seconds: number) =>
    judge(command(state, false, addSeconds(now, seconds)), away(state), lastHeardFromPartnerAt)

  it('may lie anywhere between its last word and now', () => {
    for (const seconds of [-600, -300, 0]) expect(since(seconds).kind).toBe('go')
  })

  it('may not lie in the future, nor before its last word', () => {
    expect(since(1)).toMatchObject({ kind: 'refuse', result: { refusal: 'down-since-impossible' } })
    expect(since(-601)).toMatchObject({
      kind: 'refuse',
      result: { refusal: 'down-since-impossible', detail: expect.stringContaining('heard 1 s after that time') },
    })
  })

  it('is not taken in RECOVER, where the last word may be forgotten', () => {
    const verdict = judge(command('RECOVER', true, now), away('RECOVER'), undefined)
    expect(verdict).toMatchObject({ kind: 'refuse', result: { refusal: 'down-since-impossible' } })
  })
})
