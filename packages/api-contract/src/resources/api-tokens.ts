/** Bearer tokens for automation. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Role, roleMay, ScopePermission, UnknownRole } from '../permissions.ts'
import { Timestamp } from '../values.ts'

export const ApiToken = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    unknownRole: UnknownRole,
    scope: z.array(ScopePermission).nullable().describe('What it may do of what its role may; null: all of it'),
    createdBy: z.string(),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof ApiToken>

export const NewApiToken = ApiToken.extend({
  token: z.string().describe('Shown this once; only its hash is kept'),
}).meta({ id: 'NewApiToken' })
export type NewApiToken = z.infer<typeof NewApiToken>

export const ApiTokenList = z.object({ items: z.array(ApiToken) }).meta({ id: 'ApiTokenList' })
export type ApiTokenList = z.infer<typeof ApiTokenList>

export const NewApiTokenWish = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    role: Role,
    scope: z.array(ScopePermission).min(1).nullable().default(null),
    expiresAt: Timestamp.nullable().default(null).describe('null: good until it is revoked'),
  })
  .check(({ value: { role, scope }, issues }) => {
    for (const [index, permission] of (scope ?? []).entries()) {
      if (roleMay(role, permission)) continue
      const message = `is more than the role ${role} may do`
      issues.push({ code: 'custom', input: scope, path: ['scope', index], message })
    }
  })
  .meta({ id: 'NewApiTokenWish' })

export const listApiTokens = defineRoute({
  method: 'GET',
  path: '/api-tokens',
  permission: 'api-tokens.manage',
  summary: 'All API tokens, without their secrets',
  answer: ApiTokenList,
})

export const createApiToken = defineRoute({
  method: 'POST',
  path: '/api-tokens',
  permission: 'api-tokens.manage',
  summary: 'Make an API token',
  body: NewApiTokenWish,
  answer: NewApiToken,
  answerStatus: 201,
  secretAnswer: true,
})

export const revokeApiToken = defineRoute({
  method: 'DELETE',
  path: '/api-tokens/:id',
  permission: 'api-tokens.manage',
  summary: 'Revoke an API token; its live connections are closed',
  params: z.object({ id: z.string().min(1).max(100) }),
})
