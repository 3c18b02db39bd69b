/** Signing in and out, and the set-up of the first administrator. */
import { Controller, Inject } from '@nestjs/common'
import { getSession, getSetup, roles, setUp, signIn, signOut } from '@tandem/api-contract'
import type { Session, SetupStatus } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONFIGURATION, CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { checkPassword, hashPassword } from '../http/passwords.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { findOperatorByName, insertFirstOperator, operatorExists } from '../storage/operators.queries.ts'
import type { OperatorRow } from '../storage/operators.queries.ts'
import { Access } from './access.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { knownBrowser, markBrowser } from './known-browser.ts'
import { tooManyAttempts, unlessBusy, waitFirst } from './patience.ts'
import { RefusedSignIns } from './refused-sign-ins.ts'
import { toSessionView } from './session.view.ts'
import { SetUpToken } from './set-up-token.ts'
import { placeOf, SignInLimit } from './sign-in-limit.ts'

@Controller()
export class SessionsController {
  private readonly serverName: string

  constructor(
    @Inject(CONFIGURATION) configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(Access) private readonly access: Access,
    @Inject(AttemptLimit) private readonly limit: AttemptLimit,
    @Inject(SignInLimit) private readonly signIns: SignInLimit,
    @Inject(RefusedSignIns) private readonly refused: RefusedSignIns,
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
    const from = `setup from ${placeOf(request.ip ?? '')}`
    waitFirst(this.limit.waitMs(from))
    if (!this.setUpToken.matches(body.token)) {
      this.limit.failed(from)
      throw new HttpProblem('wrong-credentials', {
        detail: 'This is not the set-up token of this start of the server.',
        remedy: 'Copy the token from the newest line SETUP_TOKEN in the log; each start writes a new one.',
        fields: [{ field: 'body.token', message: 'is not the right one' }],
      })
    }
    const passwordHash = await hashPassword(body.password)
    const wish = { name: body.name, role: 'administrator', passwordHash, nowMs: Date.now() } as const
    const made = await insertFirstOperator(this.database, wish)
    if (made === undefined) throw setUpDone()
    this.setUpToken.spend()
    return this.begin(made, wish.role, request, response)
  }

  @Route(signIn)
  async signIn({ body, request, response }: RouteInput<typeof signIn>): Promise<Session> {
    const address = request.ip ?? 'an unknown address'
    const found = await findOperatorByName(this.database, body.name)
    const browser = knownBrowser(this.access.browserMarkOf(request.headers), found)
    const begun = this.signIns.begin({ name: body.name, address, knownBrowser: browser })
    if ('waitMs' in begun) throw tooManyAttempts(begun.waitMs)
    const right = await unlessBusy(begun.attempt, async () =>
      checkPassword(found?.passwordHash, body.password, { first: browser !== undefined }),
    )
    const role = roles.find((each) => each === found?.role)
    if (!right || found === null || found.disabled || role === undefined) {
      await this.refused.add(found?.name ?? null, address, right ? 'disabled' : 'wrong-password', Date.now())
      throw new HttpProblem('wrong-credentials', {
        detail: 'No operator has this name with this password.',
        remedy: 'Check both; an administrator can add an operator or reset a password.',
      })
    }
    begun.attempt.succeeded()
    return this.begin(found, role, request, response)
  }

  @Route(getSession)
  getSession({ principal }: RouteInput<typeof getSession>): Session {
    return toSessionView(principal, this.serverName)
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
    operator: OperatorRow,
    role: (typeof roles)[number],
    request: RouteInput<typeof signIn>['request'],
    response: RouteInput<typeof signIn>['response'],
  ): Promise<Session> {
    const { id, name, passwordTemporary } = operator
    const { principal, setCookie } = await this.access.openSession(
      { id, name, role, passwordIsTemporary: passwordTemporary },
      { userAgent: request.headers['user-agent'] ?? '', address: request.ip ?? '' },
    )
    response.append('Set-Cookie', setCookie)
    response.append('Set-Cookie', this.access.browserMarkCookie(markBrowser(operator)))
    return toSessionView(principal, this.serverName)
  }
}

function setUpDone(): HttpProblem {
  return new HttpProblem('set-up-already-done', {
    detail: 'This server has an operator already.',
    remedy: 'Sign in; an administrator can add operators.',
  })
}
