/** Whether operators and API tokens are those of the partner too. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Timestamp } from '../values.ts'

export const accountSharingStates = ['own-accounts', 'not-asked-yet', 'in-step', 'silent', 'unusable'] as const

export const AccountSharing = z
  .object({
    relationship: z.string(),
    serverName: z.string().describe('The partner'),
    state: z
      .enum(accountSharingStates)
      .describe(
        '`own-accounts`: each server keeps its own; `in-step`: what changes on one is in force on the other within two ' +
          'seconds; `silent`, `unusable`: once the partner is heard again',
      ),
    since: Timestamp,
    asOf: Timestamp.nullable().describe('When the partner last said that these are all, by the clock of this server'),
    problem: z.string().nullable().describe('Why they are not shared, or not wholly'),
  })
  .meta({ id: 'AccountSharing' })
export type AccountSharing = z.infer<typeof AccountSharing>

export const AccountSharingList = z.object({ items: z.array(AccountSharing) }).meta({ id: 'AccountSharingList' })
export type AccountSharingList = z.infer<typeof AccountSharingList>

export const listAccountSharing = defineRoute({
  method: 'GET',
  path: '/account-sharing',
  permission: 'operators.manage',
  summary: 'With which partners operators and API tokens are shared, one entry for each relationship',
  answer: AccountSharingList,
})
