/** The console's ways to a PostgreSQL that is away: said as such, and good again by themselves. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase, type ConsoleDatabase } from '../console-database.ts'
import { openStorage } from '../open-storage.ts'
import { isStorageAway } from '../storage-away.ts'
import { startPostgresqlCluster, type PostgresqlCluster } from '../test-support/postgresql-cluster.ts'

let cluster: PostgresqlCluster
let database: ConsoleDatabase

beforeEach(async () => {
  cluster = await startPostgresqlCluster()
  const storageUrl = await cluster.databaseUrl('alpha')
  const storage = await openStorage(storageUrl, 1)
  await storage.close()
  database = await openConsoleDatabase(storageUrl)
})

afterEach(async () => {
  await database.close()
  await cluster.remove()
})

const count = () => database.prisma.operator.count()
const list = () => database.reader.all('SELECT 1 AS "one"', [])
const isAway = (question: Promise<unknown>): Promise<boolean> => question.then(() => false, isStorageAway)

test.each(['fast', 'immediate'] as const)(
  'a database that was stopped (%s) is away until it is started',
  async (how) => {
    expect([await count(), await list()]).toEqual([0, [{ one: 1 }]])
    await cluster.stop(how)
    for (let turn = 0; turn < 3; turn += 1) expect([await isAway(count()), await isAway(list())]).toEqual([true, true])
    await cluster.start()
    expect([await count(), await list()]).toEqual([0, [{ one: 1 }]])
  },
)

test('what the database refuses is another thing', async () => {
  expect(await isAway(database.reader.all('SELECT nonsense', []))).toBe(false)
  expect(await isAway(database.reader.all('DELETE FROM "NodeFact"', []))).toBe(false)
})
