/** People who may sign in. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Role } from '../permissions.ts'
import { Timestamp } from '../values.ts'
import { OperatorName, Password } from './sessions.ts'

export const Operator = z
  .object({ name: z.string(), role: Role, createdAt: Timestamp, disabled: z.boolean() })
  .meta({ id: 'Operator' })
export type Operator = z.infer<typeof Operator>

export const OperatorList = z.object({ items: z.array(Operator) }).meta({ id: 'OperatorList' })
export type OperatorList = z.infer<typeof OperatorList>

export const listOperators = defineRoute({
  method: 'GET',
  path: '/operators',
  permission: 'operators.manage',
  summary: 'All operators',
  answer: OperatorList,
})

export const createOperator = defineRoute({
  method: 'POST',
  path: '/operators',
  permission: 'operators.manage',
  summary: 'Add an operator',
  body: z.strictObject({ name: OperatorName, password: Password, role: Role }),
  answer: Operator,
  answerStatus: 201,
})
