/** `tandem token`: API tokens, straight in the server's database, whether the server runs or not. */
import { roleMay, scopePermissions } from '@tandem/api-contract'
import type { Role, ScopePermission } from '@tandem/api-contract'
import { formatDuration, parseDurationSeconds } from '../configuration/duration.ts'
import { deleteApiToken, insertApiToken, listApiTokenRows } from '../storage/api-tokens.queries.ts'
import { dayOf, insistOnRole, onAccessDatabase, table } from './access-database.ts'
import { UserError } from './user-error.ts'

export interface TokenWish {
  readonly file: string
  readonly role: string
  readonly name: string
  readonly expires: string | undefined
  readonly scope: string | undefined
}

/** The token alone goes to standard output, so that a script can take it; the rest goes to standard error. */
export async function createTokenCommand({
  file,
  role: roleText,
  name,
  expires,
  scope: text,
}: TokenWish): Promise<void> {
  const role = insistOnRole(roleText)
  const lifetimeSeconds = expires === undefined ? undefined : parseDurationSeconds(expires)
  if (expires !== undefined && (lifetimeSeconds ?? 0) === 0) {
    throw new UserError(`--expires takes a duration such as 90d or 12h, not "${expires}".`)
  }
  const scope = text === undefined ? null : scopeOf(text, role)
  await onAccessDatabase(file, async ({ node, database, by }) => {
    const { operator: createdBy, nowMs } = by
    const expiresAtMs = lifetimeSeconds === undefined ? undefined : nowMs + lifetimeSeconds * 1000
    const wish = { name, role, scope, createdBy, nowMs, expiresAtMs }
    const { secret } = await insertApiToken(database, wish, `, ${by.detail}`)
    process.stdout.write(`${secret}\n`)
    const end = lifetimeSeconds === undefined ? 'It has no end' : `It ends in ${formatDuration(lifetimeSeconds)}`
    const limit = scope === null ? '' : `, only for ${scope.join(', ')}`
    process.stderr.write(`A token for ${node.name} with the role ${role}${limit}, shown only this once. ${end}.\n`)
  })
}

export async function listTokensCommand(file: string): Promise<void> {
  await onAccessDatabase(file, async ({ database }) => {
    const rows = (await listApiTokenRows(database)).map((row) => [
      row.id,
      row.role,
      row.scope === '' ? 'all' : row.scope.replaceAll(' ', ','),
      dayOf(row.lastUsedAt, 'never'),
      dayOf(row.expiresAt, 'never'),
      row.name,
    ])
    process.stdout.write(table([['ID', 'ROLE', 'SCOPE', 'LAST USED (UTC)', 'ENDS (UTC)', 'FOR'], ...rows]))
  })
}

export async function revokeTokenCommand(file: string, id: string): Promise<void> {
  await onAccessDatabase(file, async ({ node, database, by }) => {
    const name = await deleteApiToken(database, id, by)
    if (name === undefined) {
      throw new UserError(`${node.name} has no API token with the id ${id}; "tandem token list" shows them.`)
    }
    process.stdout.write(`The token for ${name} is revoked.\n`)
  })
}

function scopeOf(text: string, role: Role): readonly ScopePermission[] {
  const named = text.split(',').map((each) => each.trim())
  return named.map((each) => {
    const permission = scopePermissions.find((known) => known === each)
    if (permission === undefined) {
      throw new UserError(`"${each}" cannot be in a scope: write some of ${scopePermissions.join(', ')}.`)
    }
    if (!roleMay(role, permission)) throw new UserError(`${permission} is more than the role ${role} may do.`)
    return permission
  })
}
