/** The single durable facts that there are about a node, and how the first of them is made. */
import { randomUUID } from 'node:crypto'
import { makeDuidUuid, type Duid } from '@tandem/protocol'

export const NodeFactKey = {
  /** Hexadecimal text; made once, at the first start. */
  serverDuid: 'server-duid',
  /** SHA-256 of the one-time set-up token, until the first administrator exists. */
  setUpTokenHash: 'set-up-token-hash',
  /** Milliseconds; always ahead of the clock while the server runs. */
  runningUntil: 'running-until',
  lastCommitNumber: 'last-commit-number',
  lastCommitAt: 'last-commit-at',
  /** Files only: history and audit of commits up to this one are in the tables, though not all of their leases (decision 0087). */
  toldCommitNumber: 'told-commit-number',
  /** Files only: `open` while commits may stand in the commit log and not yet in the tables. */
  commitLog: 'commit-log',
  /** Lease events of commits up to this one have been removed, for their age or number (decision 0109). */
  leaseEventsRemoved: 'lease-events-removed',
  /** JSON; the pools that an operator drains (decision 0117). */
  poolDrains: 'pool-drains',
  /** Milliseconds; when the storage last came back from a backup: its commits have numbers that others had before. */
  restoredAt: 'restored-at',
  /** PostgreSQL only: a random name of the process that may write; another one has taken over where it is not ours. */
  storageHolder: 'storage-holder',
  /** PostgreSQL only: in which database of which cluster it was made; another one is a copy. */
  storagePlace: 'storage-place',
  /** Milliseconds; only in a copy that `tandem backup` made, until `tandem restore` has marked it. */
  backupMadeAt: 'backup-made-at',
} as const
export type NodeFactKey = (typeof NodeFactKey)[keyof typeof NodeFactKey]

/** A DUID-UUID (RFC 6355), so that no clock and no hardware address is needed. */
export function makeServerDuid(): Duid {
  return makeDuidUuid(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'))
}
