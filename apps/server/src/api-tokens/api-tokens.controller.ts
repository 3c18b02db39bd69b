/** API tokens: made, listed without their secrets, revoked. */
import { Controller, Inject } from '@nestjs/common'
import { createApiToken, listApiTokens, revokeApiToken, roles, scopePermissions } from '@tandem/api-contract'
import type { ApiToken, ApiTokenList, NewApiToken } from '@tandem/api-contract'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { SIGN_IN_ENDS } from '../http/sign-in-ends.ts'
import type { SignInEnds } from '../http/sign-in-ends.ts'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import { deleteApiToken, insertApiToken, listApiTokenRows } from '../storage/api-tokens.queries.ts'
import type { ApiTokenRow } from '../storage/api-tokens.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'

@Controller()
export class ApiTokensController {
  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(SIGN_IN_ENDS) private readonly signIns: SignInEnds,
  ) {}

  @Route(listApiTokens)
  async list(): Promise<ApiTokenList> {
    return { items: (await listApiTokenRows(this.database)).map(toApiTokenView) }
  }

  @Route(createApiToken)
  async create({ body, principal }: RouteInput<typeof createApiToken>): Promise<NewApiToken> {
    const { name, role, scope, expiresAt } = body
    const nowMs = Date.now()
    const expiresAtMs = expiresAt === null ? undefined : Date.parse(expiresAt)
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
      throw new HttpProblem('invalid-request', {
        detail: 'body.expiresAt: is in the past',
        remedy: 'Name a time in the future, or null for a token without an end.',
        fields: [{ field: 'body.expiresAt', message: 'is in the past' }],
      })
    }
    const wish = { name, role, scope, createdBy: principal.name, nowMs, expiresAtMs }
    const { row, secret } = await insertApiToken(this.database, wish)
    return { ...toApiTokenView(row), token: secret }
  }

  @Route(revokeApiToken)
  async revoke({ params, principal }: RouteInput<typeof revokeApiToken>): Promise<undefined> {
    const by = { operator: principal.name, detail: '', nowMs: Date.now() }
    const name = await deleteApiToken(this.database, params.id, by)
    if (name === undefined) {
      throw new HttpProblem('not-found', {
        detail: 'There is no API token with this id.',
        remedy: 'GET /api/v1/api-tokens lists those that there are.',
        fields: [{ field: 'params.id', message: 'names no token' }],
      })
    }
    this.signIns.announceEnd(params.id)
    return undefined
  }
}

function toApiTokenView(row: ApiTokenRow): ApiToken {
  const role = roles.find((each) => each === row.role)
  return {
    id: row.id,
    name: row.name,
    role: role ?? roles[0],
    unknownRole: role === undefined ? row.role : null,
    scope: row.scope === '' ? null : scopePermissions.filter((each) => row.scope.split(' ').includes(each)),
    createdBy: row.createdBy,
    createdAt: isoOf(Number(row.createdAt)),
    expiresAt: isoOrNull(row.expiresAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
  }
}
