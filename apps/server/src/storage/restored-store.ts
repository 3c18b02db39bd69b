/** A database file that came back from a backup is marked as a lost one before a server starts on it (decision 0070). */
import { inTransaction, type Connection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { deleteFact, writeFact } from './node-facts.ts'
import { FORGET_SIGN_INS, restorationCommit, type Restoration } from './restoration-commit.ts'
import { restoreEngine } from './restore-engine.ts'

/** Answers the names of the relationships that recover now. One commit; full sync is the connection's. */
export function markRestored(connection: Connection, restoration: Restoration): readonly string[] {
  const { state, lastCommitNumber } = restoreEngine(connection)
  const { commit, recovering } = restorationCommit(state.endpoints, lastCommitNumber + 1, restoration)
  new EngineStore(connection).commit(commit)
  inTransaction(connection, () => {
    for (const sql of FORGET_SIGN_INS) connection.exec(sql)
    writeFact(connection, NodeFactKey.restoredAt, String(restoration.atMs))
    // Last: until here a server refuses to start on a backup.
    deleteFact(connection, NodeFactKey.backupMadeAt)
  })
  return recovering
}
