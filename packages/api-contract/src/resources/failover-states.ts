/** The state machine of a failover endpoint as the engine's tables have it (RFC 8156 section 8): the same for every relationship. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { FailoverRole, FailoverState } from '../values.ts'

export const transitionTriggers = [
  'partner-heard',
  'startup-ends',
  'partner-reports',
  'contact-lost',
  'updates-complete',
  'recover-wait-ends',
  'auto-partner-down',
  'declare-partner-down',
] as const

/** One way out of a state. */
export const PossibleTransition = z
  .object({
    from: FailoverState,
    to: FailoverState,
    onwards: FailoverState.nullable().describe('Where it goes on at once, without staying in `to`'),
    trigger: z
      .enum(transitionTriggers)
      .describe(
        '`partner-heard`: in STARTUP, the partner is in contact; `startup-ends`: it was not heard within the start-up ' +
          'time; `partner-reports`: the partner tells one of `partnerStates`; `updates-complete`: it has sent all that ' +
          'was asked for; `recover-wait-ends`: what may have been promised before the failure has run out',
      ),
    roles: z.array(FailoverRole).describe('Of this server'),
    partnerStates: z.array(FailoverState).describe('Any one of them; empty: the trigger does not look at it'),
    recordedStates: z.array(FailoverState).describe('Out of STARTUP: the state from before the start, any one of them'),
    contact: z.enum(['in-contact', 'out-of-contact', 'any']).describe('With the partner, for this to be possible'),
    force: z
      .enum(['never', 'in-contact', 'always'])
      .describe('Of `declare-partner-down`: when it needs `force: true`; `never` of all others'),
    rule: z.string().describe('Section that governs it, for example `RFC 8156 8.9.2`'),
  })
  .meta({ id: 'PossibleTransition' })
export type PossibleTransition = z.infer<typeof PossibleTransition>

const answers = z.enum(['everyone', 'own-identifier', 'nobody'])
const newLeasesFrom = z.enum(['nothing', 'own', 'own-then-partners-prefixes-after-mclt'])

/** What a server does in a state. */
export const FailoverStateRules = z
  .object({
    state: FailoverState,
    answers: z
      .object({ primary: answers, secondary: answers })
      .describe('Whom a server of this role answers; a secondary in active standby answers everyone in NORMAL'),
    newLeasesFrom: z.object({ primary: newLeasesFrom, secondary: newLeasesFrom }),
    mcltBound: z.boolean().describe('Whether a lease may run ahead of what the partner knows by the MCLT only'),
    rule: z.string(),
  })
  .meta({ id: 'FailoverStateRules' })
export type FailoverStateRules = z.infer<typeof FailoverStateRules>

export const FailoverStates = z
  .object({ states: z.array(FailoverStateRules), transitions: z.array(PossibleTransition) })
  .meta({ id: 'FailoverStates' })
export type FailoverStates = z.infer<typeof FailoverStates>

export const getFailoverStates = defineRoute({
  method: 'GET',
  path: '/failover-states',
  permission: 'status.read',
  summary: 'The ten failover states and every way from one to another',
  description:
    'What this version of the program does, the same for every relationship. In which state a relationship is, and what ' +
    'comes next there, is in the relationship. Into STARTUP every state leads, when the server is started again or was ' +
    'suspended; that is not listed.',
  answer: FailoverStates,
})
