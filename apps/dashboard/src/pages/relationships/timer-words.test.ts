/** Which clocks are shown, and in which words. */
import { deadlineKinds } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { timersOf } from './timer-words.ts'

const names = { serverName: 'alpha', partnerName: 'beta' }
const AT = '2026-11-27T03:00:00.000Z'
const LATER = '2026-11-27T03:01:00.000Z'

it('has a row for every kind of deadline, in one order, armed or not', () => {
  const idle = timersOf({ ...names, deadlines: [], next: [] })
  const armed = timersOf({ ...names, deadlines: deadlineKinds.map((kind) => ({ kind, at: AT })), next: [] })
  expect(new Set(idle.map(({ key }) => key))).toEqual(new Set(deadlineKinds))
  expect(armed.map(({ key }) => key)).toEqual(idle.map(({ key }) => key))
  expect(idle.filter(({ at }) => at !== null)).toEqual([])
  expect(armed.filter(({ at }) => at !== AT)).toEqual([])
})

it('says what the end of each means', () => {
  const timers = timersOf({ ...names, deadlines: [{ kind: 'recover-wait-ends', at: AT }], next: [] })
  expect(timers.filter(({ at }) => at !== null)).toEqual([
    {
      key: 'recover-wait-ends',
      name: 'Wait in RECOVER-WAIT',
      effect:
        'All that alpha may have promised before it failed has run out; it goes to RECOVER-DONE, and on with beta',
      at: AT,
    },
  ])
})

it('adds next steps that have a time but are no deadline, and none twice', () => {
  const next = [
    { what: 'alpha tries again to reach beta', trigger: 'the reconnect interval ends', at: AT },
    { what: 'the last clients of beta have turned to alpha by REBIND', trigger: 'T2 of their leases', at: LATER },
    { what: 'both return to NORMAL', trigger: 'beta is in contact again', at: null },
  ]
  const timers = timersOf({ ...names, deadlines: [{ kind: 'redial', at: AT }], next })
  expect(timers.filter(({ at }) => at !== null).map(({ effect }) => effect)).toEqual([
    'alpha tries again to reach beta',
    'the last clients of beta have turned to alpha by REBIND',
  ])
})
