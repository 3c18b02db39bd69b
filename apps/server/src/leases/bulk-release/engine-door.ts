/** The door of a bulk release to this server: each lease is looked at once more, and then goes the way of a single release. */
import { setTimeout as delay } from 'node:timers/promises'
import { ipv6AddressFromBytes, makePrefix } from '@tandem/protocol'
import type { EngineService } from '../../engine/engine-service.ts'
import { commandIdPrefix, saveBulkRelease } from '../../storage/bulk-releases.queries.ts'
import type { BulkReleaseRow } from '../../storage/bulk-releases.queries.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { findLeaseRows } from '../../storage/leases.queries.ts'
import type { LeaseKey } from '../../storage/leases.queries.ts'
import type { AsOf } from './as-of.ts'
import { leftAlone } from './left-alone.ts'
import type { ReleaseDoor } from './release-run.ts'

/** A renewal is in the lists so soon, while the engine itself refuses for six seconds after it: none slips through. */
const LISTS_WAIT_MS = 1_000

export function engineDoor(
  database: ConsoleDatabase,
  engine: EngineService,
  { id, startedBy, reason }: Pick<BulkReleaseRow, 'id' | 'startedBy' | 'reason'>,
  asOf: AsOf,
): ReleaseDoor {
  return {
    look: async (leases) => {
      if (!(await engine.untilListsShow(LISTS_WAIT_MS))) return undefined
      const rows = new Map((await findLeaseRows(database, leases)).map((row) => [textOf(row), row]))
      const { relationships } = engine.view().snapshot
      return leases.map((lease) => leftAlone(rows.get(textOf(lease)), asOf, relationships))
    },
    release: async ({ kind, address, length }, number) =>
      engine.command(`${commandIdPrefix(id)}${number}`, startedBy, {
        kind: 'release-lease',
        leaseKind: kind,
        prefix: makePrefix(ipv6AddressFromBytes(address), length),
        reason,
      }),
    save: async ({ released, refused }) => {
      // Should the server die the audit tells what was released; that this was not saved is no reason to stop.
      await saveBulkRelease(database, id, { released, refused: refused.toRecord() }).catch(() => undefined)
    },
    pause: async (ms, stopped) => delay(ms, undefined, { signal: stopped }).catch(() => undefined),
    nowMs: Date.now,
  }
}

function textOf({ kind, address, length }: LeaseKey): string {
  return `${kind} ${Buffer.from(address).toString('hex')} ${length}`
}
