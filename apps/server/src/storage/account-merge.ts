/** What two servers with accounts of their own make of them together: both come to the same, in whatever order they hear of each other (decision 0103). */
import { joined, orderOf } from './account-lineage.ts'

export interface OperatorCopy {
  readonly id: string
  readonly name: string
  readonly createdAtMs: number
  readonly role: string
  readonly disabled: boolean
  readonly accessLineage: string
  readonly passwordHash: string
  readonly passwordTemporary: boolean
  readonly passwordLineage: string
}

/** Never changed, only revoked. */
export interface TokenCopy {
  readonly id: string
  readonly name: string
  readonly tokenHash: string
  readonly role: string
  readonly scope: string
  readonly createdBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
}

/** Never changed, only removed. */
export interface WebhookCopy {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly secret: string
  readonly subnets: string
  readonly kinds: string
  readonly events: string
  readonly beginsWithOldest: boolean
  readonly certificateAuthority: string | null
  readonly createdBy: string
  readonly createdAtMs: number
}

export interface RemovalCopy {
  readonly kind: 'operator' | 'api-token' | 'webhook'
  readonly id: string
  readonly name: string
  readonly atMs: number
}

export interface AccountsCopy {
  readonly operators: readonly OperatorCopy[]
  readonly tokens: readonly TokenCopy[]
  readonly webhooks: readonly WebhookCopy[]
  readonly removals: readonly RemovalCopy[]
}

const NAME_LENGTH_MAX = 64
const rolesFromLeast = ['viewer', 'operator', 'administrator']

export function mergeAccounts(own: AccountsCopy, told: AccountsCopy): AccountsCopy {
  const removals = union(own.removals, told.removals, ({ kind, id }) => `${kind} ${id}`, earlier)
  const gone = new Set(removals.map(({ kind, id }) => `${kind} ${id}`))
  const operators = union(own.operators, told.operators, ({ id }) => id, mergeOperator)
  const tokens = unchanged(own.tokens, told.tokens)
  const webhooks = unchanged(own.webhooks, told.webhooks)
  return {
    operators: withOneNameEach(operators.filter(({ id }) => !gone.has(`operator ${id}`))),
    tokens: tokens.filter(({ id }) => !gone.has(`api-token ${id}`)),
    webhooks: webhooks.filter(({ id }) => !gone.has(`webhook ${id}`)),
    removals,
  }
}

function unchanged<Copy extends { readonly id: string }>(own: readonly Copy[], told: readonly Copy[]): readonly Copy[] {
  return union(
    own,
    told,
    ({ id }) => id,
    (mine) => mine,
  )
}

function union<Copy>(
  own: readonly Copy[],
  told: readonly Copy[],
  keyOf: (copy: Copy) => string,
  merge: (own: Copy, told: Copy) => Copy,
): readonly Copy[] {
  const all = new Map(own.map((copy) => [keyOf(copy), copy]))
  for (const copy of told) {
    const mine = all.get(keyOf(copy))
    all.set(keyOf(copy), mine === undefined ? copy : merge(mine, copy))
  }
  return all.values().toArray()
}

const earlier = (own: RemovalCopy, told: RemovalCopy): RemovalCopy => (told.atMs < own.atMs ? told : own)

function mergeOperator(own: OperatorCopy, told: OperatorCopy): OperatorCopy {
  return { ...own, name: nameOf(own, told), ...accessOf(own, told), ...passwordOf(own, told) }
}

type Access = Pick<OperatorCopy, 'role' | 'disabled' | 'accessLineage'>

/** Changed at once: what gives less. */
function accessOf(own: Access, told: Access): Access {
  const parts = ({ role, disabled, accessLineage }: Access): Access => ({ role, disabled, accessLineage })
  const order = orderOf(own.accessLineage, told.accessLineage)
  if (order === 'own-is-later') return parts(own)
  if (order === 'told-is-later') return parts(told)
  const isOwnLess = rolesFromLeast.indexOf(own.role) <= rolesFromLeast.indexOf(told.role)
  return {
    role: isOwnLess ? own.role : told.role,
    disabled: own.disabled || told.disabled,
    accessLineage: order === 'same' ? own.accessLineage : joined(own.accessLineage, told.accessLineage),
  }
}

type Password = Pick<OperatorCopy, 'passwordHash' | 'passwordTemporary' | 'passwordLineage'>

/** Changed at once: the one that an administrator gave, since it may take an account away from somebody; else either, and the same on both. */
function passwordOf(own: Password, told: Password): Password {
  const order = orderOf(own.passwordLineage, told.passwordLineage)
  const isOwn =
    order === 'own-is-later' ||
    (order !== 'told-is-later' &&
      (own.passwordTemporary === told.passwordTemporary
        ? own.passwordHash >= told.passwordHash
        : own.passwordTemporary))
  const { passwordHash, passwordTemporary, passwordLineage } = isOwn ? own : told
  const lineage = order === 'at-once' ? joined(own.passwordLineage, told.passwordLineage) : passwordLineage
  return { passwordHash, passwordTemporary, passwordLineage: lineage }
}

/** A name is given up for good: who was renamed on one server is on the other. */
function nameOf(own: OperatorCopy, told: OperatorCopy): string {
  return [own.name, told.name].find((name) => isApart(name, own.id)) ?? own.name
}

/** Two people of one name, each from his server: the account that is older keeps it, and both go on to exist. */
function withOneNameEach(operators: readonly OperatorCopy[]): readonly OperatorCopy[] {
  const byAge = operators.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
  const taken = new Set<string>()
  return byAge.map((operator) => {
    const name = taken.has(operator.name) ? freeName(operator, taken) : operator.name
    taken.add(name)
    return name === operator.name ? operator : { ...operator, name }
  })
}

const suffixOf = (id: string): string => `-${id.slice(0, 8)}`
const isApart = (name: string, id: string): boolean => name.endsWith(suffixOf(id)) || name.endsWith(`-${id}`)

/** Somebody may be called as this one would be: then all of its identifier tells it apart. */
function freeName(operator: OperatorCopy, taken: ReadonlySet<string>): string {
  const name = apartName(operator)
  return taken.has(name) ? apartName(operator, `-${operator.id}`) : name
}

function apartName({ name, id }: OperatorCopy, suffix = suffixOf(id)): string {
  return name.slice(0, NAME_LENGTH_MAX - suffix.length) + suffix
}
