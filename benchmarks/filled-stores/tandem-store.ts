/** The database of a server that holds any number of active leases, written through the server's own storage code. */
import { instant, type Role, type StorageChange } from '@tandem/engine'
import { openReadConnection, type Connection } from '../../apps/server/src/storage/connection.ts'
import { EngineStore } from '../../apps/server/src/storage/engine-store.ts'
import { openFileStorage } from '../../apps/server/src/storage/open-file-storage.ts'
import { restoreEngine } from '../../apps/server/src/storage/restore-engine.ts'
import type { Restored } from '../../apps/server/src/storage/restored.ts'
import { activeBinding, restoredWith } from '../engines/filled-table.ts'

const LEASES_PER_COMMIT = 10_000

export interface FilledStore {
  readonly file: string
  readonly leases: number
  /** Undefined: a server without a relationship. */
  readonly role: Role | undefined
  /** When the server that wrote it was last alive. */
  readonly stoppedAtMs: number
}

/** The file must not exist. Its server has been in NORMAL with its partner until it stopped, if it has one. */
export function writeFilledStore({ file, leases, role, stoppedAtMs }: FilledStore): void {
  const storage = openFileStorage(file, stoppedAtMs)
  try {
    // It is whole or it is of no use, so nothing has to survive a crash on the way.
    storage.connection.exec('PRAGMA synchronous = OFF')
    const store = new EngineStore(storage.connection)
    const stoppedAt = instant(stoppedAtMs)
    const { endpoints } = restoredWith(0, role, stoppedAt)
    let number = 0
    const commit = (changes: readonly StorageChange[]): void => {
      number += 1
      store.commit({ number, changes, atMs: stoppedAtMs, runningUntilMs: stoppedAtMs, promises: true })
    }
    for (let first = 0; first < leases; first += LEASES_PER_COMMIT) {
      const count = Math.min(LEASES_PER_COMMIT, leases - first)
      commit(
        Array.from({ length: count }, (_, index) => ({
          kind: 'binding-put',
          binding: activeBinding(first + index, role, stoppedAt),
        })),
      )
    }
    commit(endpoints.map((endpoint) => ({ kind: 'endpoint-put', endpoint })))
    storage.connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  } finally {
    storage.close()
  }
}

export function countLeases(file: string): number {
  const row = reading<unknown>(file, (connection) => connection.prepare('SELECT count(*) FROM "Binding"').raw().get([]))
  if (!Array.isArray(row)) throw new Error(`no count in ${file}`)
  return Number(row[0])
}

/** All that a server would begin with. */
export function readStore(file: string): Restored {
  return reading(file, (connection) => {
    const { state, lastCommitNumber } = restoreEngine(connection)
    return { state: { ...state, bindings: [...state.bindings] }, lastCommitNumber }
  })
}

function reading<Result>(file: string, read: (connection: Connection) => Result): Result {
  const connection = openReadConnection(file)
  try {
    return read(connection)
  } finally {
    connection.close()
  }
}
