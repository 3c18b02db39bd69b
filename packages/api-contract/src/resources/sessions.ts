/** Signing in and out, one's own account, everybody's sessions, and the one-time set-up of the first administrator. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Role } from '../permissions.ts'
import { Timestamp } from '../values.ts'

export const OperatorName = z
  .string()
  .trim()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._@-]{0,63}$/,
    'Begin with a letter or digit; then letters, digits and . _ @ - up to 64',
  )

/** Length is what makes a password strong; 12 is the least. */
export const Password = z.string().min(12).max(256)

export const Session = z
  .object({
    operator: z.object({ name: z.string(), role: Role }),
    serverName: z.string(),
    via: z.enum(['cookie', 'api-token']),
    passwordIsTemporary: z.boolean().describe('Nothing but a change of the password is answered until it is done'),
    signedInAt: Timestamp,
    expiresAt: Timestamp.nullable().describe('null: an API token without an end'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const SetupStatus = z
  .object({ required: z.boolean().describe('No operator exists yet'), serverName: z.string() })
  .meta({ id: 'SetupStatus' })
export type SetupStatus = z.infer<typeof SetupStatus>

export const getSetup = defineRoute({
  method: 'GET',
  path: '/setup',
  permission: 'open',
  summary: 'Whether the first administrator is still to be made',
  answer: SetupStatus,
})

export const setUp = defineRoute({
  method: 'POST',
  path: '/setup',
  permission: 'open',
  summary: 'Make the first administrator with the one-time token from the log, and sign in',
  body: z.strictObject({ token: z.string().trim().min(1).max(200), name: OperatorName, password: Password }),
  answer: Session,
  answerStatus: 201,
  secretAnswer: true,
})

export const signIn = defineRoute({
  method: 'POST',
  path: '/session',
  permission: 'open',
  summary: 'Sign in; the answer sets the session cookie',
  body: z.strictObject({ name: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) }),
  answer: Session,
  answerStatus: 201,
  secretAnswer: true,
})

export const getSession = defineRoute({
  method: 'GET',
  path: '/session',
  permission: 'session.own',
  summary: 'Who I am',
  answer: Session,
})

export const signOut = defineRoute({
  method: 'DELETE',
  path: '/session',
  permission: 'session.own',
  summary: 'Sign out; live connections of the session are closed',
})

export const extendSession = defineRoute({
  method: 'POST',
  path: '/session/extension',
  permission: 'session.own',
  summary: 'Let my session last another twelve hours',
  description: 'Needs the password: a browser that was left open does not stay signed in by itself.',
  body: z.strictObject({ password: z.string().min(1).max(256) }),
  answer: Session,
})

export const SessionEntry = z
  .object({
    id: z.string(),
    operator: z.object({ id: z.string(), name: z.string(), role: Role }),
    signedInAt: Timestamp,
    lastSeenAt: Timestamp.describe('To the minute'),
    expiresAt: Timestamp.describe('Earlier after four hours without a request'),
    address: z.string().nullable().describe('Where it was opened from'),
    userAgent: z.string(),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'SessionEntry' })
export type SessionEntry = z.infer<typeof SessionEntry>

export const SessionList = z.object({ items: z.array(SessionEntry) }).meta({ id: 'SessionList' })
export type SessionList = z.infer<typeof SessionList>

const bySessionId = z.object({ id: z.string().min(1).max(100) })

export const changeOwnPassword = defineRoute({
  method: 'POST',
  path: '/account/password',
  permission: 'session.own',
  summary: 'Change my password',
  description: 'All other sessions of mine end.',
  body: z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: Password }),
  answer: Session,
})

export const listOwnSessions = defineRoute({
  method: 'GET',
  path: '/account/sessions',
  permission: 'session.own',
  summary: 'My sessions, the latest first; none for an API token',
  answer: SessionList,
})

export const endOwnSession = defineRoute({
  method: 'DELETE',
  path: '/account/sessions/:id',
  permission: 'session.own',
  summary: 'End one of my sessions',
  params: bySessionId,
})

export const endOtherOwnSessions = defineRoute({
  method: 'DELETE',
  path: '/account/sessions',
  permission: 'session.own',
  summary: 'End all my sessions but this one',
})

export const listSessions = defineRoute({
  method: 'GET',
  path: '/sessions',
  permission: 'sessions.manage',
  summary: 'Sessions of everybody, the latest first',
  answer: SessionList,
})

export const endSession = defineRoute({
  method: 'DELETE',
  path: '/sessions/:id',
  permission: 'sessions.manage',
  summary: 'End the session of anybody; its live connections are closed',
  params: bySessionId,
})
