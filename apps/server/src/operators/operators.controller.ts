/** Operators: who may sign in, and as what. */
import { Controller, Inject } from '@nestjs/common'
import {
  changeOperator,
  createOperator,
  getOperator,
  listAccountSharing,
  listOperators,
  removeOperator,
  resetOperatorPassword,
  roles,
} from '@tandem/api-contract'
import type { AccountSharingList, Operator, OperatorList } from '@tandem/api-contract'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { hashPassword } from '../http/passwords.ts'
import type { Principal } from '../http/principal.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { SIGN_IN_ENDS } from '../http/sign-in-ends.ts'
import type { SignInEnds } from '../http/sign-in-ends.ts'
import { insistOnVersion, versionChanged, withVersion } from '../http/version.ts'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import type { Request } from 'express'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import {
  addOperator,
  changeOperatorAccess,
  changePassword,
  deleteOperator,
  LastAdministrator,
  OperatorChanged,
} from '../storage/operator-changes.ts'
import type { Author, ChangedOperator } from '../storage/operator-changes.ts'
import { findOperatorById, listOperatorRows } from '../storage/operators.queries.ts'
import type { OperatorRow } from '../storage/operators.queries.ts'

@Controller()
export class OperatorsController {
  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(SIGN_IN_ENDS) private readonly signIns: SignInEnds,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  @Route(listAccountSharing)
  listSharing(): AccountSharingList {
    return { items: [...this.channels.accountSharing()] }
  }

  @Route(listOperators)
  async list(): Promise<OperatorList> {
    return { items: (await listOperatorRows(this.database)).map(toOperatorView) }
  }

  @Route(createOperator)
  async create({ body, principal }: RouteInput<typeof createOperator>): Promise<Operator> {
    const { name, role, password, passwordIsTemporary } = body
    const by = authorOf(principal)
    const wish = { name, role, passwordHash: await hashPassword(password), nowMs: by.nowMs }
    const row = await addOperator(this.database, { ...wish, passwordTemporary: passwordIsTemporary }, by)
    if (row === undefined) {
      throw new HttpProblem('exists-already', {
        detail: `There is an operator named ${name} already.`,
        remedy: 'Choose another name.',
        fields: [{ field: 'body.name', message: 'is taken' }],
      })
    }
    return toOperatorView(row)
  }

  @Route(getOperator)
  async get({ params }: RouteInput<typeof getOperator>): Promise<Operator> {
    return toOperatorView(await this.find(params.id))
  }

  @Route(changeOperator)
  async change({ params, body, principal, request }: RouteInput<typeof changeOperator>): Promise<Operator> {
    const { role, disabled } = body
    const by = { ...authorOf(principal), seenRevision: await this.seenRevision(request, params.id) }
    return this.changed(changeOperatorAccess(this.database, params.id, { role, disabled }, by))
  }

  @Route(resetOperatorPassword)
  async resetPassword({ params, body, principal }: RouteInput<typeof resetOperatorPassword>): Promise<Operator> {
    const passwordHash = await hashPassword(body.password)
    const wish = { passwordHash, temporary: body.passwordIsTemporary, own: false }
    return this.changed(changePassword(this.database, params.id, wish, authorOf(principal)))
  }

  @Route(removeOperator)
  async remove({ params, principal, request }: RouteInput<typeof removeOperator>): Promise<undefined> {
    const by = { ...authorOf(principal), seenRevision: await this.seenRevision(request, params.id) }
    await this.changed(deleteOperator(this.database, params.id, by))
  }

  private async find(id: string): Promise<OperatorRow> {
    const row = await findOperatorById(this.database, id)
    if (row === null) throw noSuchOperator()
    return row
  }

  /** Undefined: the caller does not say what he saw. */
  private async seenRevision(request: Request, id: string): Promise<number | undefined> {
    if (request.header('If-Match') === undefined) return undefined
    const row = await this.find(id)
    insistOnVersion(request, toOperatorView(row))
    return row.revision
  }

  private async changed(change: Promise<ChangedOperator | undefined>): Promise<Operator> {
    const changed = await change.catch((error: unknown) => {
      if (error instanceof OperatorChanged) throw versionChanged()
      throw error instanceof LastAdministrator ? lastAdministrator(error.operatorName) : error
    })
    if (changed === undefined) throw noSuchOperator()
    for (const hash of changed.endedSessions) this.signIns.announceEnd(hash)
    return toOperatorView(changed.row)
  }
}

const authorOf = ({ name }: Principal): Author => ({ operator: name, detail: '', nowMs: Date.now() })

function noSuchOperator(): HttpProblem {
  return new HttpProblem('not-found', {
    detail: 'There is no operator with this id.',
    remedy: 'GET /api/v1/operators lists those that there are.',
    fields: [{ field: 'params.id', message: 'names no operator' }],
  })
}

function lastAdministrator(name: string): HttpProblem {
  return new HttpProblem('last-administrator', {
    detail: `${name} is the last administrator who may sign in; nobody could manage access any more.`,
    remedy: 'Make another operator an administrator first.',
    fields: [{ field: 'params.id', message: 'is the last administrator' }],
  })
}

function toOperatorView(row: OperatorRow): Operator {
  const { id, name, role, createdAt, disabled, passwordTemporary, lastSignInAt } = row
  const known = roles.find((each) => each === role)
  return withVersion({
    id,
    name,
    role: known ?? roles[0],
    unknownRole: known === undefined ? role : null,
    createdAt: isoOf(Number(createdAt)),
    disabled: disabled || known === undefined,
    passwordIsTemporary: passwordTemporary,
    lastSignInAt: isoOrNull(lastSignInAt),
  })
}
