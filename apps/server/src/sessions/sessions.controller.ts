/** Signing in and out, and the set-up of the first administrator. */
import { Controller, Inject } from '@nestjs/common'
import { getSession, getSetup, roles, setUp, signIn, signOut } from '@tandem/api-contract'
import type { Session, SetupStatus } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONFIGURATION, CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { checkPassword, hashPassword } from '../http/passwords.ts'
import type { Principal } from '../http/principal.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { insertAuditEntry } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { findOperatorByName, insertFirstOperator, operatorExists } from '../storage/operators.queries.ts'
import { Access } from './access.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { SetUpToken } from './set-up-token.ts'

const isoOf = (unixMs: number): string => new Date(unixMs).toISOString()

@Controller()
export class SessionsController {
  private readonly serverName: string

  constructor(
    @Inject(CONFIGURATION) configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(Access) private readonly access: Access,
    @Inject(AttemptLimit) private readonly limit: AttemptLimit,
    @Inject(SetUpToken) private readonly setUpToken: SetUpToken,
  ) {
    this.serverName = configuration.node.name
  }

  @Route(getSetup)
  async getSetup(): Promise<SetupStatus> {
    return { required: !(await operatorExists(this.database)), serverName: this.serverName }
  }

  @Route(setUp)
  async setUp({ body, request, response }: RouteInput<typeof setUp>): Promise<Session> {
    if (await operatorExists(this.database)) throw setUpDone()
    const from = `setup from ${request.ip}`
    this.insistOnPatience(from)
    if (!this.setUpToken.matches(body.token)) {
      this.limit.failed(from)
      throw new HttpProblem('wrong-credentials', {
        detail: 'This is not the set-up token of this start of the server.',
        remedy: 'Copy the token from the newest line SETUP_TOKEN in the log; each start writes a new one.',
        fields: [{ field: 'body.token', message: 'is not the right one' }],
      })
    }
    const operator = { name: body.name, role: 'administrator' } as const
    const passwordHash = await hashPassword(body.password)
    const nowMs = Date.now()
    if (!(await insertFirstOperator(this.database, { ...operator, passwordHash, nowMs }))) throw setUpDone()
    this.setUpToken.spend()
    await insertAuditEntry(this.database, {
      nowMs,
      operator: operator.name,
      action: 'set-up',
      target: operator.name,
      detail: 'made the first administrator with the one-time token',
    })
    return this.begin(operator, request, response)
  }

  @Route(signIn)
  async signIn({ body, request, response }: RouteInput<typeof signIn>): Promise<Session> {
    const keys = [`${body.name} from ${request.ip}`, `address ${request.ip}`]
    this.insistOnPatience(...keys)
    const found = await findOperatorByName(this.database, body.name)
    const right = await checkPassword(found?.passwordHash, body.password)
    const role = roles.find((each) => each === found?.role)
    if (!right || found === null || found.disabled || role === undefined) {
      this.limit.failed(...keys)
      throw new HttpProblem('wrong-credentials', {
        detail: 'No operator has this name with this password.',
        remedy: 'Check both; an administrator can add an operator.',
      })
    }
    this.limit.succeeded(...keys)
    return this.begin({ name: found.name, role }, request, response)
  }

  @Route(getSession)
  getSession({ principal }: RouteInput<typeof getSession>): Session {
    return this.toView(principal)
  }

  @Route(signOut)
  async signOut({ principal, response }: RouteInput<typeof signOut>): Promise<undefined> {
    if (principal.via === 'api-token') {
      throw new HttpProblem('refused', {
        detail: 'An API token has no session to end.',
        remedy: 'Revoke the token with DELETE /api/v1/api-tokens/{id}.',
      })
    }
    response.append('Set-Cookie', await this.access.closeSession(principal))
    return undefined
  }

  private async begin(
    operator: { readonly name: string; readonly role: Principal['role'] },
    request: RouteInput<typeof signIn>['request'],
    response: RouteInput<typeof signIn>['response'],
  ): Promise<Session> {
    const { principal, setCookie } = await this.access.openSession(operator, request.headers['user-agent'] ?? '')
    response.append('Set-Cookie', setCookie)
    return this.toView(principal)
  }

  private toView({ name, role, via, sinceMs, expiresAtMs }: Principal): Session {
    return {
      operator: { name, role },
      serverName: this.serverName,
      via,
      signedInAt: isoOf(sinceMs),
      expiresAt: expiresAtMs === undefined ? null : isoOf(expiresAtMs),
    }
  }

  private insistOnPatience(...keys: readonly string[]): void {
    const waitMs = this.limit.waitMs(...keys)
    if (waitMs === 0) return
    const retryAfterSeconds = Math.ceil(waitMs / 1000)
    throw new HttpProblem('too-many-attempts', {
      detail: 'Too many wrong attempts came before this one.',
      remedy: `Wait ${retryAfterSeconds} s and try again.`,
      retryAfterSeconds,
    })
  }
}

function setUpDone(): HttpProblem {
  return new HttpProblem('set-up-already-done', {
    detail: 'This server has an operator already.',
    remedy: 'Sign in; an administrator can add operators.',
  })
}
