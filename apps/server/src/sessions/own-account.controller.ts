/** One's own account: the password, and the sessions that are open. */
import { Controller, Inject } from '@nestjs/common'
import {
  changeOwnPassword,
  endOtherOwnSessions,
  endOwnSession,
  extendSession,
  listOwnSessions,
} from '@tandem/api-contract'
import type { Session, SessionList } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONFIGURATION, CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { checkPassword, hashPassword } from '../http/passwords.ts'
import type { Principal } from '../http/principal.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { changePassword } from '../storage/operator-changes.ts'
import { findOperatorById } from '../storage/operators.queries.ts'
import type { OperatorRow } from '../storage/operators.queries.ts'
import { deleteSessions, listSessionRows } from '../storage/sessions.queries.ts'
import type { SessionRow } from '../storage/sessions.queries.ts'
import { Access, IDLE_MS } from './access.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { markBrowser } from './known-browser.ts'
import { noSuchSession } from './no-such-session.ts'
import { waitFirst } from './patience.ts'
import { toSessionEntry, toSessionView } from './session.view.ts'

@Controller()
export class OwnAccountController {
  private readonly serverName: string

  constructor(
    @Inject(CONFIGURATION) configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(Access) private readonly access: Access,
    @Inject(AttemptLimit) private readonly limit: AttemptLimit,
  ) {
    this.serverName = configuration.node.name
  }

  @Route(extendSession)
  async extend({ body, principal, request, response }: RouteInput<typeof extendSession>): Promise<Session> {
    await this.insistOnPassword(await this.operatorOf(principal), body.password, 'body.password')
    const extended = await this.access.extendSession(principal, request.headers)
    response.append('Set-Cookie', extended.setCookie)
    return toSessionView(extended.principal, this.serverName)
  }

  @Route(changeOwnPassword)
  async changePassword({ body, principal, response }: RouteInput<typeof changeOwnPassword>): Promise<Session> {
    const operator = await this.operatorOf(principal)
    await this.insistOnPassword(operator, body.currentPassword, 'body.currentPassword')
    if (body.newPassword === body.currentPassword) {
      throw new HttpProblem('invalid-request', {
        detail: 'body.newPassword: is the password that you have',
        remedy: 'Choose another one.',
        fields: [{ field: 'body.newPassword', message: 'is the password that you have' }],
      })
    }
    const passwordHash = await hashPassword(body.newPassword)
    const by = { operator: principal.name, detail: '', nowMs: Date.now() }
    const wish = { passwordHash, temporary: false, own: true, keepSession: principal.id }
    const changed = await changePassword(this.database, operator.id, wish, by)
    if (changed === undefined) throw noAccount()
    for (const hash of changed.endedSessions) this.access.announceEnd(hash)
    // The mark of this browser was sealed with the old hash.
    response.append('Set-Cookie', this.access.browserMarkCookie(markBrowser(changed.row)))
    return toSessionView({ ...principal, passwordIsTemporary: false }, this.serverName)
  }

  @Route(listOwnSessions)
  async list({ principal }: RouteInput<typeof listOwnSessions>): Promise<SessionList> {
    return { items: (await this.sessionsOf(principal)).map((row) => toSessionEntry(row, principal)) }
  }

  @Route(endOwnSession)
  async end({ params, principal }: RouteInput<typeof endOwnSession>): Promise<undefined> {
    const found = (await this.sessionsOf(principal)).find(({ tokenHash }) => tokenHash === params.id)
    if (found === undefined) throw noSuchSession('GET /api/v1/account/sessions lists yours.')
    await this.endAll([found], principal)
  }

  @Route(endOtherOwnSessions)
  async endOthers({ principal }: RouteInput<typeof endOtherOwnSessions>): Promise<undefined> {
    const all = await this.sessionsOf(principal)
    await this.endAll(
      all.filter(({ tokenHash }) => tokenHash !== principal.id),
      principal,
    )
  }

  private async sessionsOf({ operatorId }: Principal): Promise<readonly SessionRow[]> {
    if (operatorId === undefined) return []
    return listSessionRows(this.database, { operatorId, nowMs: Date.now(), idleMs: IDLE_MS })
  }

  private async endAll(sessions: readonly SessionRow[], principal: Principal): Promise<undefined> {
    const by = { operator: principal.name, detail: '', nowMs: Date.now() }
    const ended = await deleteSessions(this.database, sessions, 'end-session', by)
    for (const hash of ended) this.access.announceEnd(hash)
  }

  private async operatorOf({ operatorId }: Principal): Promise<OperatorRow> {
    const found = operatorId === undefined ? null : await findOperatorById(this.database, operatorId)
    if (found === null) throw noAccount()
    return found
  }

  /** Who found a browser that is signed in does not get the account with it. */
  private async insistOnPassword({ id, passwordHash }: OperatorRow, password: string, field: string): Promise<void> {
    const key = `own password of ${id}`
    waitFirst(this.limit.waitMs(key))
    this.limit.failed(key)
    if (!(await checkPassword(passwordHash, password, { first: true }))) {
      throw new HttpProblem('invalid-request', {
        detail: `${field}: is not your password`,
        remedy: 'Write the password that you signed in with; an administrator can reset it.',
        fields: [{ field, message: 'is not your password' }],
      })
    }
    this.limit.succeeded(key)
  }
}

function noAccount(): HttpProblem {
  return new HttpProblem('refused', {
    detail: 'An API token has no account and no password.',
    remedy: 'Sign in as an operator.',
    fields: [{ field: 'header.Authorization', message: 'is an API token' }],
  })
}
