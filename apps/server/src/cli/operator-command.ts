/** `tandem operator`: accounts from the host itself, also when nobody can sign in any more. The running server obeys at once. */
import { OperatorName } from '@tandem/api-contract'
import { randomBytes } from 'node:crypto'
import { hashPassword } from '../http/passwords.ts'
import {
  addOperator,
  changeOperatorAccess,
  changePassword,
  deleteOperator,
  LastAdministrator,
} from '../storage/operator-changes.ts'
import type { ChangedOperator } from '../storage/operator-changes.ts'
import { findOperatorByName, listOperatorRows } from '../storage/operators.queries.ts'
import type { OperatorRow } from '../storage/operators.queries.ts'
import { dayOf, insistOnRole, onAccessDatabase, table } from './access-database.ts'
import type { AccessDatabase } from './access-database.ts'
import { UserError } from './user-error.ts'

export async function listOperatorsCommand(file: string): Promise<void> {
  await onAccessDatabase(file, async ({ database }) => {
    const rows = (await listOperatorRows(database)).map((row) => [
      row.name,
      row.role,
      row.disabled ? 'disabled' : row.passwordTemporary ? 'temporary password' : 'may sign in',
      dayOf(row.lastSignInAt, 'never'),
    ])
    process.stdout.write(table([['NAME', 'ROLE', 'STATE', 'LAST SIGN-IN (UTC)'], ...rows]))
  })
}

/** The password alone goes to standard output. */
export async function createOperatorCommand(file: string, name: string, roleText: string): Promise<void> {
  const role = insistOnRole(roleText)
  const wellFormed = OperatorName.safeParse(name)
  if (!wellFormed.success) throw new UserError(`"${name}" is no name: ${wellFormed.error.issues[0]?.message}.`)
  const password = madeUpPassword()
  const passwordHash = await hashPassword(password)
  await onAccessDatabase(file, async ({ node, database, by }) => {
    const wish = { name: wellFormed.data, role, passwordHash, passwordTemporary: true, nowMs: by.nowMs }
    const row = await addOperator(database, wish, by)
    if (row === undefined) throw new UserError(`${node.name} has an operator named ${name} already.`)
    tellPassword(password, `${name} may sign in to ${node.name} as ${role}`)
  })
}

export async function resetPasswordCommand(file: string, name: string): Promise<void> {
  const password = madeUpPassword()
  const passwordHash = await hashPassword(password)
  await change(file, name, async ({ node, database, by }, { id, disabled }) => {
    const changed = await changePassword(database, id, { passwordHash, temporary: true, own: false }, by)
    if (changed !== undefined) tellPassword(password, `The password of ${name} on ${node.name} is new`)
    if (disabled)
      process.stderr.write(`${name} is disabled: "tandem operator change ${name} --enable" lets in again.\n`)
    return changed
  })
}

export async function changeOperatorCommand(
  file: string,
  name: string,
  wish: { readonly role: string | undefined; readonly disable: boolean; readonly enable: boolean },
): Promise<void> {
  const { disable, enable } = wish
  const role = wish.role === undefined ? undefined : insistOnRole(wish.role)
  if (disable && enable) throw new UserError('Write --disable or --enable, not both.')
  if (role === undefined && !disable && !enable) throw new UserError('Write --role, --disable or --enable.')
  await change(file, name, async ({ database, by }, { id }) => {
    const changed = await changeOperatorAccess(
      database,
      id,
      { role, disabled: disable || enable ? disable : undefined },
      by,
    )
    if (changed !== undefined) {
      process.stdout.write(`${name}: ${changed.row.role}, ${changed.row.disabled ? 'disabled' : 'may sign in'}.\n`)
    }
    return changed
  })
}

export async function removeOperatorCommand(file: string, name: string): Promise<void> {
  await change(file, name, async ({ database, by }, { id }) => {
    const changed = await deleteOperator(database, id, by)
    if (changed !== undefined) process.stdout.write(`${name} is removed.\n`)
    return changed
  })
}

async function change(
  file: string,
  name: string,
  act: (open: AccessDatabase, found: OperatorRow) => Promise<ChangedOperator | undefined>,
): Promise<void> {
  await onAccessDatabase(file, async (open) => {
    const found = await findOperatorByName(open.database, name)
    const nobody = `${open.node.name} has no operator named ${name}; "tandem operator list" shows them.`
    if (found === null) throw new UserError(nobody)
    try {
      if ((await act(open, found)) === undefined) throw new UserError(nobody)
    } catch (error) {
      if (!(error instanceof LastAdministrator)) throw error
      throw new UserError(`${error.message}: make another operator an administrator first.`)
    }
  })
}

function tellPassword(password: string, what: string): void {
  process.stdout.write(`${password}\n`)
  process.stderr.write(`${what}, with this password, shown only this once; it has to be replaced at the sign-in.\n`)
}

/** 120 random bits. */
const madeUpPassword = (): string => randomBytes(15).toString('base64url')
