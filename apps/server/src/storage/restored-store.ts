/** A database that came back from a backup is marked as a lost one before a server starts on it (decision 0070). */
import { instant, lostStoreRecords, type RelationshipConfiguration, type StorageChange } from '@tandem/engine'
import { inTransaction, type Connection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import { deleteFact, NodeFactKey } from './node-facts.ts'
import { restoreEngine } from './restore-engine.ts'

export interface Restoration {
  readonly relationships: readonly RelationshipConfiguration[]
  readonly operator: string
  readonly commandId: string
  readonly atMs: number
}

/** Answers the names of the relationships that recover now. One commit; full sync is the connection's. */
export function markRestored(connection: Connection, restoration: Restoration): readonly string[] {
  const { relationships, operator, commandId, atMs } = restoration
  const at = instant(atMs)
  const { state, lastCommitNumber } = restoreEngine(connection)
  const before = new Map(state.endpoints.map((endpoint) => [endpoint.relationship, endpoint]))
  const endpoints = lostStoreRecords(state.endpoints, relationships, at)
  const cause = 'The storage was brought back from a backup, so what was granted since then is missing.'
  const changes: StorageChange[] = endpoints.flatMap((endpoint): StorageChange[] => [
    { kind: 'endpoint-put', endpoint },
    {
      kind: 'transition-added',
      transition: {
        relationship: endpoint.relationship,
        at,
        from: before.get(endpoint.relationship)?.state ?? 'RECOVER',
        to: 'RECOVER',
        cause,
        rule: 'RFC 8156 8.3.2',
        inputs: { restoredAt: atMs },
        operator,
      },
    },
  ])
  changes.push({
    kind: 'audit-added',
    audit: {
      at,
      operator,
      action: 'restore',
      target: 'storage',
      reason: cause,
      commandId,
      outcome: 'done',
      detail: '',
    },
  })
  new EngineStore(connection).commit({
    number: lastCommitNumber + 1,
    changes,
    atMs,
    runningUntilMs: atMs,
    promises: false,
  })
  inTransaction(connection, () => {
    // Whoever was signed in when the backup was made need not be any more.
    connection.exec('DELETE FROM "Session"')
    connection.exec('DELETE FROM "IdempotencyRecord"')
    // Last: until here a server refuses to start on a backup.
    deleteFact(connection, NodeFactKey.backupMadeAt)
  })
  return endpoints.map(({ relationship }) => relationship)
}
