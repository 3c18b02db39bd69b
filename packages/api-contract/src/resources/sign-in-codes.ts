/** From one console to the other without a password. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Timestamp } from '../values.ts'
import { Session } from './sessions.ts'

const RelationshipName = z.string().min(1).max(255)

export const SignInCode = z
  .object({
    serverName: z.string().describe('The partner, who alone can use it'),
    url: z.string().describe("A page of the partner's console; the code stands behind the #"),
    expiresAt: Timestamp.describe('30 seconds after it was made'),
  })
  .meta({ id: 'SignInCode' })
export type SignInCode = z.infer<typeof SignInCode>

export const createSignInCode = defineRoute({
  method: 'POST',
  path: '/sign-in-codes',
  permission: 'session.own',
  summary: "Make a link to the partner's console that signs me in there",
  description:
    'Good once, for 30 seconds, and no longer than my session. Refused where the two servers do not share accounts, ' +
    'where the partner is not heard, and for an API token.',
  body: z.strictObject({ relationship: RelationshipName }),
  answer: SignInCode,
  answerStatus: 201,
  secretAnswer: true,
})

export const signInFromPartner = defineRoute({
  method: 'POST',
  path: '/session/from-partner',
  permission: 'open',
  summary: "Sign in with a code that the partner's console made; the answer sets the session cookie",
  body: z.strictObject({ relationship: RelationshipName, code: z.string().min(1).max(100) }),
  answer: Session,
  answerStatus: 201,
  secretAnswer: true,
})
