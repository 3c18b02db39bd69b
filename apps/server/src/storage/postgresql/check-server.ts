/** Whether a PostgreSQL server keeps what it says is committed; asked with each new session that writes (decision 0090). */
import { StorageUnusable } from '../storage-unusable.ts'
import type { Session } from './session.ts'

/** The oldest that its makers still mend. */
const OLDEST_VERSION = 140_000

const ASK = `SELECT current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
  current_setting('default_transaction_read_only'), current_setting('synchronous_commit'), current_setting('fsync'),
  current_setting('server_encoding')`

/** Rejects with StorageUnusable. `storage` names it in the sentence. */
export async function checkServer(session: Session, storage: string): Promise<void> {
  const [facts] = await session.rows(ASK)
  const [version, versionText, isStandby, readOnly, synchronousCommit, fsync, encoding] = facts ?? []
  const refuse = (reason: string): never => {
    throw new StorageUnusable(`The storage ${storage} cannot be used: ${reason}`)
  }
  if (Number(version) < OLDEST_VERSION) refuse(`this is PostgreSQL ${String(versionText)}. It takes 14 or newer.`)
  if (isStandby === 1) refuse('this is a standby, which takes no writes. Name the primary of the cluster.')
  if (readOnly === 'on') refuse('default_transaction_read_only is on.')
  if (synchronousCommit !== 'on' && synchronousCommit !== 'remote_apply') {
    refuse(
      `synchronous_commit is ${String(synchronousCommit)}, so a crash may take back what clients were told. Set it to on, for ` +
        'example by: ALTER DATABASE name SET synchronous_commit = on.',
    )
  }
  if (fsync !== 'on') {
    refuse('fsync is off, so a crash may take back what clients were told. Set it to on in postgresql.conf.')
  }
  if (encoding !== 'UTF8') {
    refuse(
      `its encoding is ${String(encoding)}. Make a database with: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0.`,
    )
  }
  // From here on nobody's new setting for everybody lessens what this session commits with.
  await session.run(`SET synchronous_commit = ${String(synchronousCommit)}`)
}
