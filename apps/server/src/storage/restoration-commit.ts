/** What a storage that came back from a backup gets: every endpoint has lost its storage (decision 0070). */
import {
  instant,
  lostStoreRecords,
  type EndpointRecord,
  type RelationshipConfiguration,
  type StorageChange,
} from '@tandem/engine'
import type { Commit } from './commit.ts'

export interface Restoration {
  readonly relationships: readonly RelationshipConfiguration[]
  readonly operator: string
  readonly commandId: string
  readonly atMs: number
}

/** Whoever was signed in when the backup was made need not be any more. */
export const FORGET_SIGN_INS = ['DELETE FROM "Session"', 'DELETE FROM "IdempotencyRecord"'] as const

/** The commit that makes every endpoint one that has lost its storage, and the names of their relationships. */
export function restorationCommit(
  known: readonly EndpointRecord[],
  number: number,
  { relationships, operator, commandId, atMs }: Restoration,
): { readonly commit: Commit; readonly recovering: readonly string[] } {
  const at = instant(atMs)
  const before = new Map(known.map((endpoint) => [endpoint.relationship, endpoint]))
  const endpoints = lostStoreRecords(known, relationships, at)
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
  return {
    commit: { number, changes, atMs, runningUntilMs: atMs, promises: false },
    recovering: endpoints.map(({ relationship }) => relationship),
  }
}
