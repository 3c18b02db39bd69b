/** The door of a comparison to this server's tables and to the partner. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineService } from '../../engine/engine-service.ts'
import type { ChannelViews } from '../../http/channel-views.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { turns } from '../../storage/lease-pieces.ts'
import {
  leaseKeyFromText,
  leaseKeyText,
  readCommitNumbers,
  readStretch,
} from '../../storage/lease-stretches.queries.ts'
import type { LeaseKey } from '../../storage/leases.queries.ts'
import { comparableLease } from './comparable-lease.ts'
import type { ComparisonDoor } from './comparison-run.ts'

/** A few milliseconds of the thread, here and at the partner; as many hashes fit into an answer. */
const STRETCH_ROWS = 1_000
/** Of one question for commits. */
const KEYS_AT_ONCE = 100
const LISTS_WAIT_MS = 1_000

export interface ComparisonDoorParts {
  readonly database: ConsoleDatabase
  readonly engine: EngineService
  readonly channels: Pick<ChannelViews, 'compareStretch'>
}

export function comparisonDoor(
  { database, engine, channels }: ComparisonDoorParts,
  relationship: string,
): ComparisonDoor {
  return {
    read: async (after) => {
      if (!(await engine.untilListsShow(LISTS_WAIT_MS))) return undefined
      await turns.take()
      const bounds = { after: after === null ? undefined : keyOf(after), through: undefined }
      const rows = await readStretch(database, bounds, STRETCH_ROWS)
      const last = rows.length < STRETCH_ROWS ? undefined : rows.at(-1)
      return {
        leases: rows
          .filter((row) => row.relationship === relationship)
          .map((row) => ({ ...comparableLease(row), commitNumber: row.commitNumber })),
        through: last === undefined ? null : leaseKeyText(last),
      }
    },
    ask: async (stretch) => channels.compareStretch(relationship, stretch),
    commitNumbers: async (keys) => {
      if (!(await engine.untilListsShow(LISTS_WAIT_MS))) return undefined
      const found = new Map<string, number>()
      for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
        await turns.take()
        const some = keys.slice(from, from + KEYS_AT_ONCE).map(keyOf)
        for (const [key, commitNumber] of await readCommitNumbers(database, some, relationship))
          found.set(key, commitNumber)
      }
      return found
    },
    pause: async (ms, stopped) => delay(ms, undefined, { signal: stopped }).catch(() => undefined),
    nowMs: Date.now,
  }
}

function keyOf(text: string): LeaseKey {
  const key = leaseKeyFromText(text)
  if (key === undefined) throw new Error(`${text} is not the key of a lease`)
  return key
}
