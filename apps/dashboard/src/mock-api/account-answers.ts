/** What the mock answers on accounts: one's own, and everybody's. */
import { routes } from '@tandem/api-contract'
import type { Operator } from '@tandem/api-contract'
import type { Answers, Call } from './handlers.ts'
import { secondsAgo } from './times.ts'
import { refuse } from './refused.ts'
import { webhookAnswers } from './webhook-answers.ts'
import type { MockWorld } from './world.ts'

type AccountRoute =
  | 'extendSession'
  | 'changeOwnPassword'
  | 'listOwnSessions'
  | 'endOwnSession'
  | 'endOtherOwnSessions'
  | 'listSessions'
  | 'endSession'
  | 'listAccountSharing'
  | 'listOperators'
  | 'createOperator'
  | 'getOperator'
  | 'changeOperator'
  | 'resetOperatorPassword'
  | 'removeOperator'
  | 'listApiTokens'
  | 'createApiToken'
  | 'revokeApiToken'
  | 'listWebhooks'
  | 'createWebhook'
  | 'removeWebhook'
  | 'testWebhook'
  | 'beginWebhook'

export function accountAnswers(world: MockWorld): Pick<Answers, AccountRoute> {
  const { accounts } = world
  const end = ({ params }: Call): void => {
    accounts.sessions = accounts.sessions.filter(({ id }) => id !== params['id'])
  }
  return {
    extendSession: () =>
      (world.session = world.session === null ? null : { ...world.session, expiresAt: inTwelveHours() }),
    changeOwnPassword: ({ body }) => {
      const { currentPassword } = routes.changeOwnPassword.body.parse(body)
      if (currentPassword === 'wrong') {
        refuse(422, 'invalid-request', 'body.currentPassword: is not your password', 'Write your password.', {
          fields: [{ field: 'body.currentPassword', message: 'is not your password' }],
        })
      }
      return world.session
    },
    listOwnSessions: () => ({ items: accounts.own(world.session) }),
    endOwnSession: end,
    endOtherOwnSessions: () => {
      const own = new Set(accounts.own(world.session))
      accounts.sessions = accounts.sessions.filter((each) => each.current || !own.has(each))
    },
    listSessions: () => ({ items: accounts.sessions }),
    endSession: end,
    listAccountSharing: () => ({
      items: world.relationships.map(({ name, partnerName, partnerView }) => ({
        relationship: name,
        serverName: partnerName,
        state: partnerView?.channel.state === 'answers' ? 'in-step' : 'silent',
        since: secondsAgo(7_200),
        asOf: secondsAgo(1),
        problem: partnerView?.channel.problem ?? null,
      })),
    }),
    listOperators: () => ({ items: accounts.operators }),
    createOperator: ({ body }) => create(world, body),
    getOperator: ({ params }) => operatorOf(world, params),
    changeOperator: ({ params, body }) => {
      const { role, disabled } = routes.changeOperator.body.parse(body)
      const operator = operatorOf(world, params)
      if (role !== 'administrator' || disabled === true) insistOnAdministrator(world, operator)
      return accounts.change(operator.id, { role: role ?? operator.role, disabled: disabled ?? operator.disabled })
    },
    resetOperatorPassword: ({ params, body }) => {
      const { passwordIsTemporary } = routes.resetOperatorPassword.body.parse(body)
      return accounts.change(operatorOf(world, params).id, { passwordIsTemporary })
    },
    removeOperator: ({ params }) => {
      const operator = operatorOf(world, params)
      insistOnAdministrator(world, operator)
      accounts.remove(operator.id)
    },
    listApiTokens: () => ({ items: accounts.tokens }),
    createApiToken: ({ body }) => accounts.makeToken(body),
    revokeApiToken: ({ params }) => {
      accounts.tokens = accounts.tokens.filter(({ id }) => id !== params['id'])
    },
    ...webhookAnswers(world),
  }
}

const inTwelveHours = (): string => secondsAgo(-12 * 3_600)

function operatorOf({ accounts }: MockWorld, { id }: Call['params']): Operator {
  return accounts.find(id ?? '') ?? refuse(404, 'not-found', 'There is no operator with this id.', 'See the list.')
}

function create({ accounts }: MockWorld, body: unknown): Operator {
  const { name, role, passwordIsTemporary } = routes.createOperator.body.parse(body)
  if (accounts.operators.some((each) => each.name === name)) {
    refuse(409, 'exists-already', `There is an operator named ${name} already.`, 'Choose another name.', {
      fields: [{ field: 'body.name', message: 'is taken' }],
    })
  }
  return accounts.add(name, role, passwordIsTemporary)
}

function insistOnAdministrator({ accounts }: MockWorld, operator: Operator): void {
  if (!accounts.isLastAdministrator(operator)) return
  refuse(
    409,
    'last-administrator',
    `${operator.name} is the last administrator who may sign in; nobody could manage access any more.`,
    'Make another operator an administrator first.',
  )
}
