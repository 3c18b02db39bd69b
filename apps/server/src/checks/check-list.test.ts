/** One list of all findings: the worst first, and a partner of several relationships once. */
import type { Check, CheckedServer } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { checkListOf } from './check-list.ts'

const asOf = '2026-11-28T03:00:00.000Z'
const server = (serverName: string, problem: string | null = null): CheckedServer => ({
  serverName,
  outcome: problem === null ? 'told' : 'unavailable',
  problem,
  asOf,
})
const check = (serverName: string, outcome: Check['outcome'], relationship: string | null = null): Check => ({
  subject: relationship === null ? 'data-plane' : 'clock',
  serverName,
  relationship,
  outcome,
  what: 'x',
  finding: 'y',
  remedy: null,
})

it('has the worst first, and within an outcome this server before its partners', () => {
  const { items } = checkListOf({
    server: server('alpha'),
    own: [check('alpha', 'good'), check('alpha', 'warning', 'pair')],
    partners: [{ server: server('beta'), items: [check('beta', 'bad'), check('beta', 'warning', 'pair')] }],
  })
  expect(items.map(({ serverName, outcome }) => `${outcome} ${serverName}`)).toEqual([
    'bad beta',
    'warning alpha',
    'warning beta',
    'good alpha',
  ])
})

it('has what a partner of two relationships finds of itself once, and of each of them', () => {
  const { servers, items } = checkListOf({
    server: server('alpha'),
    own: [],
    partners: [
      { server: server('beta', 'no answer'), items: [] },
      { server: server('beta'), items: [check('beta', 'good'), check('beta', 'good', 'west')] },
      { server: server('beta'), items: [check('beta', 'good'), check('beta', 'good', 'east')] },
    ],
  })
  expect(servers).toEqual([server('alpha'), server('beta', 'no answer')])
  expect(items.map(({ relationship }) => relationship)).toEqual([null, 'west', 'east'])
})
