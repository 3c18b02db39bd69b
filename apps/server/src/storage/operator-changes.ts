/** Changes of operators, each one transaction with its line in the audit; none of them leaves a server without an administrator. */
import { withChange } from './account-lineage.ts'
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase, ConsoleTables } from './console-database.ts'
import { insertOperator } from './operators.queries.ts'
import type { NewOperator, OperatorRow } from './operators.queries.ts'

/** Who does it, as the audit names them, and what it says beside the act. */
export interface Author {
  readonly operator: string
  readonly detail: string
  readonly nowMs: number
  /** The revision that it was decided on; absent: any. */
  readonly seenRevision?: number | undefined
}

export interface ChangedOperator {
  readonly row: OperatorRow
  /** Sessions that ended with it, by their hashes. */
  readonly endedSessions: readonly string[]
}

/** Nobody could manage access any more. */
export class LastAdministrator extends Error {
  readonly operatorName: string

  constructor(operatorName: string) {
    super(`${operatorName} is the last administrator who may sign in`)
    this.operatorName = operatorName
  }
}

/** Somebody else was quicker. */
export class OperatorChanged extends Error {}

/** Undefined: the name is taken. */
export async function addOperator(
  database: ConsoleDatabase,
  wish: NewOperator,
  by: Author,
): Promise<OperatorRow | undefined> {
  return inOneTransaction(database, async (tables) => {
    const row = await insertOperator(tables, wish)
    if (row === undefined) return undefined
    await note(tables, by, 'create-operator', row.name, `role ${row.role}`)
    return row
  })
}

/** Undefined: there is none with this id. Rejects with LastAdministrator and OperatorChanged. */
export async function changeOperatorAccess(
  database: ConsoleDatabase,
  id: string,
  change: { readonly role: string | undefined; readonly disabled: boolean | undefined },
  by: Author,
): Promise<ChangedOperator | undefined> {
  return changeOne(database, id, by, async (tables, before) => {
    const role = change.role ?? before.role
    const disabled = change.disabled ?? before.disabled
    const accessLineage = withChange(before.accessLineage)
    await tables.prisma.operator.update({ where: { id }, data: { role, disabled, accessLineage } })
    await insistOnAdministrator(tables, before)
    const told = [
      ...(role === before.role ? [] : [`role ${before.role} to ${role}`]),
      ...(disabled === before.disabled ? [] : [disabled ? 'disabled' : 'enabled']),
    ]
    await note(tables, by, 'change-operator', before.name, told.length === 0 ? 'nothing changed' : told.join(', '))
  })
}

/** Undefined: there is none with this id. `keepSession` is the hash of the one session that does not end. */
export async function changePassword(
  database: ConsoleDatabase,
  id: string,
  wish: { readonly passwordHash: string; readonly temporary: boolean; readonly own: boolean; keepSession?: string },
  by: Author,
): Promise<ChangedOperator | undefined> {
  const changed = async (tables: ConsoleTables, before: OperatorRow): Promise<void> => {
    const { passwordHash, temporary, own } = wish
    const passwordLineage = withChange(before.passwordLineage)
    const data = { passwordHash, passwordTemporary: temporary, passwordLineage }
    await tables.prisma.operator.update({ where: { id }, data })
    const action = own ? 'change-own-password' : 'reset-password'
    await note(tables, by, action, before.name, temporary ? 'to be replaced at the next sign-in' : '')
  }
  return changeOne(database, id, by, changed, wish.keepSession)
}

/** Undefined: there is none with this id. Rejects with LastAdministrator and OperatorChanged. */
export async function deleteOperator(
  database: ConsoleDatabase,
  id: string,
  by: Author,
): Promise<ChangedOperator | undefined> {
  return changeOne(database, id, by, async (tables, before) => {
    await tables.prisma.operator.delete({ where: { id } })
    await insistOnAdministrator(tables, before)
    await tables.prisma.removedAccount.create({
      data: { kind: 'operator', id, name: before.name, at: BigInt(by.nowMs) },
    })
    await note(tables, by, 'remove-operator', before.name, `had the role ${before.role}`)
  })
}

async function changeOne(
  database: ConsoleDatabase,
  id: string,
  { nowMs, seenRevision }: Author,
  change: (tables: ConsoleTables, before: OperatorRow) => Promise<void>,
  keepSession?: string,
): Promise<ChangedOperator | undefined> {
  return inOneTransaction(database, async (tables) => {
    const { prisma } = tables
    const { count } = await prisma.operator.updateMany({
      where: { id },
      data: { revision: { increment: 1 }, changedAt: BigInt(nowMs) },
    })
    if (count === 0) return undefined
    const before = await prisma.operator.findUniqueOrThrow({ where: { id } })
    if (seenRevision !== undefined && before.revision !== seenRevision + 1) throw new OperatorChanged()
    const sessions = await prisma.session.findMany({ where: { operatorId: id }, select: { tokenHash: true } })
    const endedSessions = sessions.map(({ tokenHash }) => tokenHash).filter((hash) => hash !== keepSession)
    await change(tables, before)
    await prisma.session.deleteMany({ where: { tokenHash: { in: endedSessions } } })
    return { row: (await prisma.operator.findUnique({ where: { id } })) ?? before, endedSessions }
  })
}

/** Looks after the change, inside its transaction: only who was one can have been the last. */
async function insistOnAdministrator({ prisma }: ConsoleTables, before: OperatorRow): Promise<void> {
  if (before.role !== 'administrator' || before.disabled) return
  const left = await prisma.operator.count({ where: { role: 'administrator', disabled: false } })
  if (left === 0) throw new LastAdministrator(before.name)
}

async function note(
  tables: ConsoleTables,
  { operator, detail, nowMs }: Author,
  action: string,
  target: string,
  what: string,
): Promise<void> {
  const both = [what, detail].filter((text) => text !== '').join(', ')
  await insertAuditEntry(tables, { nowMs, operator, action, target, detail: both })
}
