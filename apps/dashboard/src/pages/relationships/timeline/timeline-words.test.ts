/** Each kind of entry has a line and a reason. */
import { routeExamples } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { localTime } from '../../../ui/time-words.ts'
import { detailOf, headlineOf, inputsOf, stateWords } from './timeline-words.ts'

const { items } = routeExamples.getTimeline.answer

it('says what happened and why', () => {
  expect(items.map((entry) => [headlineOf(entry), detailOf(entry)])).toEqual([
    ['STARTUP to RECOVER', 'The partner serves alone: it is asked for what this server missed.'],
    ['Configuration 3', 'start with /etc/tandem/tandem.yaml'],
    ['Started, version 0.1.0', 'It did not run for 27 min 40 s.'],
    ['COMMUNICATIONS-INTERRUPTED to PARTNER-DOWN', 'Declared by ada: its host burnt down'],
    ['Partner declared down', 'The partner is declared down; this server serves alone. “its host burnt down”'],
  ])
})

it('says it of a command that is not known here, of one that was refused, and of a first start', () => {
  const command = items.find(({ kind }) => kind === 'command')
  const start = items.find(({ kind }) => kind === 'start')
  if (command?.kind !== 'command' || start?.kind !== 'start') throw new Error('the example has both')
  expect(headlineOf({ ...command, action: 'new-act', outcome: 'refused' })).toBe('new-act: refused')
  expect(detailOf({ ...command, reason: '', detail: 'no' })).toBe('no')
  expect(detailOf({ ...start, ranUntil: null })).toBe('It had not run before, or its storage was lost.')
})

it('says times of a rule as times', () => {
  const atMs = Date.parse('2026-11-27T03:00:00.000Z')
  expect(inputsOf({ partnerState: 'NORMAL', endsAt: atMs, force: false, seconds: 40 }, atMs)).toBe(
    `partnerState NORMAL, endsAt ${localTime(atMs, atMs)}, force false, seconds 40`,
  )
  expect(inputsOf({}, atMs)).toBe('')
})

it('says the state of a server, running or not', () => {
  expect((['partner-down', 'not-running', undefined] as const).map(stateWords)).toEqual([
    'PARTNER-DOWN',
    'not running',
    'not known',
  ])
})
