/** Both folders of migrations make the same models: tables, columns, keys, indexes and references, as each database tells them; only the search goes by what each has (decision 0118). */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from './test-support/fixtures.ts'
import { openTestStorage, rowsOf, type TestStorage } from './test-support/test-storage.ts'

let file: TestDatabase
let storage: TestStorage

beforeEach(async () => {
  file = openTestDatabase()
  storage = await openTestStorage()
})

afterEach(async () => {
  file.close()
  await storage.close()
})

const typeOfSqlite: Readonly<Record<string, string>> = {
  TEXT: 'text',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  BLOB: 'bytea',
  BOOLEAN: 'boolean',
}

const fromSqlite = (sql: string): readonly unknown[] => {
  const rows: unknown = file.connection.prepare(sql).raw().all([])
  return Array.isArray(rows) ? rows.map((row: unknown) => row) : []
}

const texts = (rows: readonly unknown[]): readonly (readonly string[])[] =>
  rows.map((row) => (Array.isArray(row) ? row.map((value: unknown) => String(value)) : []))

const OWN_TABLES = `m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_prisma_migrations' AND m.name NOT LIKE 'LeaseSearch%'`

test('the columns are the same, with type, whether they may be empty, and their place in the key', async () => {
  const sqlite = texts(
    fromSqlite(`SELECT m.name, c.name, c.type, CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN 'never' ELSE 'may be' END, c.pk
      FROM sqlite_master m, pragma_table_info(m.name) c WHERE ${OWN_TABLES}`),
  ).map(([table, column, type, ...more]) => [table, column, typeOfSqlite[type ?? ''] ?? type, ...more].join(' '))
  const postgresql = texts(
    await rowsOf(
      storage.storageUrl,
      `SELECT c.table_name, c.column_name, c.data_type, CASE c.is_nullable WHEN 'NO' THEN 'never' ELSE 'may be' END,
         coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k
           JOIN information_schema.table_constraints t ON t.constraint_name = k.constraint_name AND t.constraint_type = 'PRIMARY KEY'
           WHERE k.table_name = c.table_name AND k.column_name = c.column_name), 0)
       FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations'`,
    ),
  ).map((words) => words.join(' '))
  expect(postgresql.length).toBeGreaterThan(90)
  expect(postgresql.toSorted()).toEqual(sqlite.toSorted())
})

test('the indexes are the same, by name, and which of them allow no value twice', async () => {
  const sqlite = texts(
    fromSqlite(`SELECT m.name, i.name, i."unique", (SELECT group_concat(x.name) FROM pragma_index_info(i.name) x)
      FROM sqlite_master m, pragma_index_list(m.name) i WHERE ${OWN_TABLES} AND i.origin = 'c'`),
  )
  const postgresql = texts(
    await rowsOf(
      storage.storageUrl,
      `SELECT t.relname, i.relname, x.indisunique::int,
         (SELECT string_agg(a.attname, ',' ORDER BY k.turn) FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, turn)
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number)
       FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
       WHERE t.relnamespace = 'public'::regnamespace AND NOT x.indisprimary AND t.relname <> '_prisma_migrations' AND i.relname NOT LIKE 'LeaseSearch%'`,
    ),
  )
  expect(postgresql.length).toBeGreaterThan(5)
  const lines = (rows: readonly (readonly string[])[]) => rows.map((words) => words.join(' ')).toSorted()
  expect(lines(postgresql)).toEqual(lines(sqlite))
})

test('the references are the same, and what a removal does to those that refer', async () => {
  const sqlite = texts(
    fromSqlite(`SELECT m.name, f."from", f."table", f."to", f.on_delete, f.on_update
      FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE ${OWN_TABLES}`),
  )
  const postgresql = texts(
    await rowsOf(
      storage.storageUrl,
      `SELECT k.table_name, k.column_name, u.table_name, u.column_name, r.delete_rule, r.update_rule
       FROM information_schema.referential_constraints r
       JOIN information_schema.key_column_usage k ON k.constraint_name = r.constraint_name
       JOIN information_schema.constraint_column_usage u ON u.constraint_name = r.constraint_name`,
    ),
  )
  expect(sqlite).toHaveLength(1)
  expect(postgresql).toEqual(sqlite)
})
