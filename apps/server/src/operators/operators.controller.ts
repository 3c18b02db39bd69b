/** Operators: who may sign in. */
import { Controller, Inject } from '@nestjs/common'
import { createOperator, listOperators, roles } from '@tandem/api-contract'
import type { Operator, OperatorList } from '@tandem/api-contract'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { hashPassword } from '../http/passwords.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { isoOf } from '../http/view-values.ts'
import { insertAuditEntry } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { insertOperator, listOperatorRows } from '../storage/operators.queries.ts'
import type { OperatorRow } from '../storage/operators.queries.ts'

@Controller()
export class OperatorsController {
  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  @Route(listOperators)
  async list(): Promise<OperatorList> {
    return { items: (await listOperatorRows(this.database)).map(toOperatorView) }
  }

  @Route(createOperator)
  async create({ body, principal }: RouteInput<typeof createOperator>): Promise<Operator> {
    const { name, role, password } = body
    const nowMs = Date.now()
    const row = await insertOperator(this.database, { name, role, passwordHash: await hashPassword(password), nowMs })
    if (row === undefined) {
      throw new HttpProblem('exists-already', {
        detail: `There is an operator named ${name} already.`,
        remedy: 'Choose another name.',
        fields: [{ field: 'body.name', message: 'is taken' }],
      })
    }
    await insertAuditEntry(this.database, {
      nowMs,
      operator: principal.name,
      action: 'create-operator',
      target: name,
      detail: `role ${role}`,
    })
    return toOperatorView(row)
  }
}

function toOperatorView({ name, role, createdAt, disabled }: OperatorRow): Operator {
  const known = roles.find((each) => each === role)
  if (known === undefined) throw new Error(`operator ${name} has the unknown role ${role}`)
  return { name, role: known, createdAt: isoOf(Number(createdAt)), disabled }
}
