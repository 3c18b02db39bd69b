/** People who may sign in. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Role, UnknownRole } from '../permissions.ts'
import { Timestamp, Version } from '../values.ts'
import { OperatorName, Password } from './sessions.ts'

export const Operator = z
  .object({
    id: z.string().describe('The same for good, whatever changes about the operator'),
    name: z.string(),
    role: Role,
    unknownRole: UnknownRole,
    createdAt: Timestamp,
    disabled: z.boolean().describe('May not sign in; also where `unknownRole` stands'),
    passwordIsTemporary: z.boolean().describe('Must be replaced by its owner before anything else'),
    lastSignInAt: Timestamp.nullable(),
    version: Version,
  })
  .meta({ id: 'Operator' })
export type Operator = z.infer<typeof Operator>

export const OperatorList = z.object({ items: z.array(Operator) }).meta({ id: 'OperatorList' })
export type OperatorList = z.infer<typeof OperatorList>

const byId = z.object({ id: z.string().min(1).max(100) })
const ENDS_SESSIONS = 'All sessions of the operator end.'

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
  body: z.strictObject({
    name: OperatorName,
    password: Password,
    role: Role,
    passwordIsTemporary: z.boolean().default(false).describe('The operator has to choose another one first'),
  }),
  answer: Operator,
  answerStatus: 201,
})

export const getOperator = defineRoute({
  method: 'GET',
  path: '/operators/:id',
  permission: 'operators.manage',
  summary: 'One operator',
  params: byId,
  answer: Operator,
  versioned: true,
})

export const OperatorChange = z
  .strictObject({ role: Role.optional(), disabled: z.boolean().optional() })
  .refine(({ role, disabled }) => role !== undefined || disabled !== undefined, 'name role, disabled, or both')
  .meta({ id: 'OperatorChange' })
export type OperatorChange = z.infer<typeof OperatorChange>

export const changeOperator = defineRoute({
  method: 'PATCH',
  path: '/operators/:id',
  permission: 'operators.manage',
  summary: 'Change the role of an operator, or disable or enable one',
  description: `${ENDS_SESSIONS} Refused for the last administrator who is not disabled.`,
  params: byId,
  body: OperatorChange,
  answer: Operator,
  versioned: true,
  ifMatch: 'optional',
})

export const resetOperatorPassword = defineRoute({
  method: 'POST',
  path: '/operators/:id/password',
  permission: 'operators.manage',
  summary: 'Give an operator a new password',
  description: ENDS_SESSIONS,
  params: byId,
  body: z.strictObject({
    password: Password,
    passwordIsTemporary: z.boolean().default(true).describe('The operator has to choose another one first'),
  }),
  answer: Operator,
})

export const removeOperator = defineRoute({
  method: 'DELETE',
  path: '/operators/:id',
  permission: 'operators.manage',
  summary: 'Remove an operator for good',
  description: `${ENDS_SESSIONS} API tokens that the operator made stay. Refused for the last administrator who is not disabled.`,
  params: byId,
  ifMatch: 'optional',
})
