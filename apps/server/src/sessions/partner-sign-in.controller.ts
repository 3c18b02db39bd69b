/** From one console to the other without a password: a code is made here for the partner, and one that the partner made opens a session here (decision 0104). */
import { Controller, Inject } from '@nestjs/common'
import { createSignInCode, roles, signInFromPartner } from '@tandem/api-contract'
import type { Session, SignInCode } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONFIGURATION, CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { isoOf } from '../http/view-values.ts'
import { hashOfSecret } from '../storage/api-tokens.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { findOperatorById } from '../storage/operators.queries.ts'
import { Access } from './access.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { markBrowser } from './known-browser.ts'
import { waitFirst } from './patience.ts'
import { toSessionView } from './session.view.ts'
import { CODE_GOOD_MS, SignInCodes } from './sign-in-codes.ts'
import { placeOf } from './sign-in-limit.ts'

@Controller()
export class PartnerSignInController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
    @Inject(Access) private readonly access: Access,
    @Inject(AttemptLimit) private readonly limit: AttemptLimit,
    @Inject(SignInCodes) private readonly codes: SignInCodes,
  ) {}

  @Route(createSignInCode)
  async create({ body, principal }: RouteInput<typeof createSignInCode>): Promise<SignInCode> {
    const { relationship } = body
    const { operatorId } = principal
    if (operatorId === undefined) {
      throw refused('An API token has no operator who could sign in.', 'Sign in as an operator.')
    }
    const sharing = this.channels.accountSharing().find((each) => each.relationship === relationship)
    const link = this.configuration.node.partnerLinks.find((each) => each.relationship === relationship)
    if (sharing === undefined || link === undefined) {
      throw new HttpProblem('not-found', {
        detail: `There is no relationship ${relationship}.`,
        remedy: 'GET /api/v1/relationships lists those that there are.',
        fields: [{ field: 'body.relationship', message: 'names no relationship' }],
      })
    }
    const { serverName } = sharing
    const url = consoleOf(link.partnerConsoleUrl)
    if (url === undefined) {
      throw refused(
        `The configuration names no console of ${serverName}, or one without TLS on another host.`,
        'Write it into node.partners, console.',
      )
    }
    if (sharing.state !== 'in-step') {
      throw refused(
        `${serverName} does not share its accounts now: ${sharing.problem ?? 'it was not asked yet'}.`,
        `Sign in at ${url.origin} with your password.`,
      )
    }
    const code = await this.codes.issue({ principal, operatorId, relationship, partnerName: serverName })
    // Behind the #: a browser sends that to no server, so it stands in no log and in no Referer.
    url.hash = new URLSearchParams({ relationship, code }).toString()
    return { serverName, url: url.href, expiresAt: isoOf(Date.now() + CODE_GOOD_MS) }
  }

  @Route(signInFromPartner)
  async signIn({ body, request, response }: RouteInput<typeof signInFromPartner>): Promise<Session> {
    const { relationship, code } = body
    const from = `code from ${placeOf(request.ip ?? '')}`
    waitFirst(this.limit.waitMs(from))
    this.limit.failed(from)
    const used = await this.channels.useSignInCode(relationship, hashOfSecret(code))
    if (used.kind === 'unavailable') {
      this.limit.takeBack(from)
      throw new HttpProblem('unavailable', {
        detail: `The code could not be checked with ${used.serverName}: ${used.problem}.`,
        remedy: 'Sign in with your password.',
      })
    }
    const operator = used.kind === 'good' ? await findOperatorById(this.database, used.operatorId) : null
    const role = roles.find((each) => each === operator?.role)
    if (operator === null || operator.disabled || role === undefined) throw notGood()
    this.limit.succeeded(from)
    const { principal, setCookie } = await this.access.openSession(
      { id: operator.id, name: operator.name, role, passwordIsTemporary: operator.passwordTemporary },
      {
        userAgent: request.headers['user-agent'] ?? '',
        address: request.ip ?? '',
        withCodeOf: used.kind === 'good' ? used.serverName : undefined,
      },
    )
    response.append('Set-Cookie', setCookie)
    response.append('Set-Cookie', this.access.browserMarkCookie(markBrowser(operator)))
    return toSessionView(principal, this.configuration.node.name)
  }
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/u

/** Undefined: there is none, or a code would cross a network in the clear. */
function consoleOf(partnerConsoleUrl: string | undefined): URL | undefined {
  const url = partnerConsoleUrl === undefined ? null : URL.parse('/sign-in/from-partner', partnerConsoleUrl)
  if (url === null) return undefined
  return url.protocol === 'https:' || LOOPBACK.test(url.hostname) ? url : undefined
}

function refused(detail: string, remedy: string): HttpProblem {
  return new HttpProblem('refused', { detail, remedy })
}

/** One answer for whatever is wrong with it. */
function notGood(): HttpProblem {
  return new HttpProblem('code-not-good', {
    detail: 'The link was used already, is older than 30 seconds, or is not of this server.',
    remedy: 'Use the link in the console of the other server again, or sign in with your password.',
    fields: [{ field: 'body.code', message: 'is not good, or no longer' }],
  })
}
