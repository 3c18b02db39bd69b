/** What two servers say differently is told in a sentence; what is old or not said is no contradiction. */
import { routeExamples } from '@tandem/api-contract'
import type { PartnerTold, Relationship } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { disagreements } from './disagreements.ts'

const told: PartnerTold = {
  version: '1',
  state: 'normal',
  stateSince: null,
  answers: 'everyone',
  communicationsOk: true,
  lastHeardFromPartnerAt: null,
  partner: { state: 'normal', since: '2026-11-27T00:00:00.000Z', startup: false },
  drainingPools: null,
  updatesOwed: null,
  stale: false,
  clockOffsetMs: 0,
}

/** beta in NORMAL, in contact with alpha. */
function beta(
  own: Partial<Relationship>,
  changes: Partial<PartnerTold>,
  state: 'answers' | 'silent' = 'answers',
): Relationship {
  const channel = { state, since: '2026-11-27T00:00:00.000Z', problem: null }
  return {
    ...routeExamples.getRelationship.answer,
    state: 'normal',
    communicationsOk: true,
    partner: { state: 'normal', since: '2026-11-27T00:00:00.000Z', startup: false, partnerDownSince: null },
    ...own,
    partnerView: { serverName: 'alpha', channel, asOf: '2026-11-27T03:00:00.000Z', told: { ...told, ...changes } },
  }
}

test('two that say the same have no disagreement, and neither have gaps', () => {
  expect(disagreements(beta({}, {}))).toEqual([])
  expect(disagreements(beta({}, { state: null, partner: null, communicationsOk: null, answers: null }))).toEqual([])
  expect(disagreements({ ...beta({}, {}), partnerView: null })).toEqual([])
})

test('what was said before the partner fell silent is no contradiction', () => {
  expect(disagreements(beta({ state: 'communications-interrupted' }, {}, 'silent'))).toEqual([])
})

test('the moment of a change is none either', () => {
  const changed = { state: 'partner-down', stateSince: '2026-11-27T02:59:58.000Z', communicationsOk: false } as const
  expect(disagreements(beta(changed, {}))).toEqual([])
})

test.each([
  [{ communicationsOk: false }, {}, /^alpha is in contact with beta, and beta has no contact with alpha\.$/u],
  [{}, { communicationsOk: false }, /^beta is in contact with alpha, and alpha has no contact with beta\.$/u],
  [{}, { state: 'recover' }, /^alpha is in RECOVER, and beta takes it to be in NORMAL\.$/u],
  [
    { state: 'partner-down' },
    { answers: 'nobody' },
    /^beta is in PARTNER-DOWN, and alpha takes it to be in NORMAL\.$/u,
  ],
] as const)('%j beside %j is told', (own, changes, says) => {
  expect(disagreements(beta(own, changes))).toEqual([expect.stringMatching(says)])
})

test('two that both serve alone are the worst of it', () => {
  const apart = { communicationsOk: false, state: 'partner-down' } as const
  const partnerDown = disagreements(beta(apart, { state: 'partner-down', communicationsOk: false }))
  expect(partnerDown).toEqual([expect.stringMatching(/^Both serve alone, .* Stop one of them\.$/u)])
  const running = disagreements(beta(apart, { state: 'communications-interrupted', communicationsOk: false }))
  expect(running).toEqual(['beta serves alone, and alpha runs and answers every client. Stop one of them.'])
})
