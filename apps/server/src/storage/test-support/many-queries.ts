/** A process of a test: opens the console's database again and again and asks it so much that its WebAssembly is compiled anew. */
import { setFlagsFromString } from 'node:v8'
import { listAuditRows } from '../audit.queries.ts'
import { openConsoleDatabase } from '../console-database.ts'

const [, , storageUrl = '', mode] = process.argv
const ROUNDS = 10
const QUERIES = 200

for (let round = 0; round < ROUNDS; round += 1) {
  const database = await openConsoleDatabase(storageUrl)
  // As V8 has it by itself.
  if (mode === 'removing') setFlagsFromString('--wasm-code-gc')
  for (let query = 0; query < QUERIES; query += 1) {
    await listAuditRows(database, { action: String(query) }, { beforeId: undefined, limit: 5 })
  }
  await database.close()
}
console.log('asked')
