/** Changes of operators that come at once: the database makes them come one after the other. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inOneTransaction, openConsoleDatabase } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'
import { addOperator, changeOperatorAccess, LastAdministrator } from './operator-changes.ts'
import { insertFirstOperator } from './operators.queries.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage
let database: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  database = await openConsoleDatabase(storage.storageUrl)
})
afterEach(async () => {
  await database.close()
  await storage.close()
})

const by = { operator: 'test', detail: '', nowMs: 1 }
const wish = (name: string) => ({ name, role: 'administrator', passwordHash: 'none', nowMs: 1 })
const four = [0, 1, 2, 3]

test.each(Array.from({ length: 10 }, (_, round) => round))('only one of many is the first (%i)', async () => {
  const all = await Promise.all(four.map(async (each) => insertFirstOperator(database, wish(`o${each}`))))
  expect(all.filter((row) => row !== undefined)).toHaveLength(1)
  expect(await database.prisma.operator.count()).toBe(1)
  expect(await database.prisma.auditEntry.count()).toBe(1)
})

test('of administrators who are all demoted at once one stays', async () => {
  const rows = await Promise.all(four.map(async (each) => addOperator(database, wish(`o${each}`), by)))
  const demoted = await Promise.allSettled(
    rows.map(async (row) => changeOperatorAccess(database, row?.id ?? '', { role: 'viewer', disabled: undefined }, by)),
  )
  const refused = demoted.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  expect(refused).toEqual([expect.any(LastAdministrator)])
  expect(await database.prisma.operator.count({ where: { role: 'administrator' } })).toBe(1)
})

test('what fails half-way leaves nothing behind', async () => {
  const failing = inOneTransaction(database, async ({ prisma }) => {
    await prisma.removedAccount.create({ data: { kind: 'operator', id: 'x', name: 'x', at: 1n } })
    throw new Error('half-way')
  })
  await expect(failing).rejects.toThrow('half-way')
  expect(await database.prisma.removedAccount.count()).toBe(0)
})
