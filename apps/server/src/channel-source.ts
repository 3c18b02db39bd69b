/** What is answered over the private channel: the same words that this server's own console gets, kept to one relationship. */
import type { Lease } from '@tandem/api-contract'
import type { AccountSharingWork } from './account-sharing.ts'
import { sharedSettings } from './configuration/shared-settings.ts'
import type { EngineService } from './engine/engine-service.ts'
import type { CheckReader } from './http/check-reader.ts'
import { isoOf } from './http/view-values.ts'
import type { ApiOptions } from './http/injection-tokens.ts'
import { HttpProblem } from './http/http-problem.ts'
import { toLeaseKey } from './http/written-lease.ts'
import { toLeaseView } from './leases/lease.view.ts'
import { comparableLease } from './leases/table-comparison/comparable-lease.ts'
import { poolsFrom } from './partner-channel/channel-contract.ts'
import type { ChannelSource } from './partner-channel/channel-contract.ts'
import { settingsFrom } from './partner-channel/partner-settings.ts'
import { hashedLeases } from './partner-channel/lease-hashes.ts'
import { STRETCH_LEASES_MAX, tellStretch } from './partner-channel/lease-stretch.ts'
import { toPoolList } from './pools/pool.view.ts'
import type { Forecaster } from './pools/pool.view.ts'
import type { RelationshipReader } from './relationships/relationship-reader.ts'
import { ownTimeline } from './relationships/own-timeline.ts'
import { isStale } from './server-status/server.view.ts'
import type { SignInCodes } from './sessions/sign-in-codes.ts'
import { findLeaseRow, findLeaseRows } from './storage/leases.queries.ts'
import type { LeaseKey } from './storage/leases.queries.ts'
import { turns } from './storage/lease-pieces.ts'
import { leaseKeyFromText, leaseKeyText, readStretch } from './storage/lease-stretches.queries.ts'

/** The partner waits three seconds at most. */
const LISTS_WAIT_MS = 1_000

interface ChannelWork {
  readonly accounts: AccountSharingWork
  readonly codes: SignInCodes
  readonly checks: CheckReader
}

export function channelSource(
  options: ApiOptions,
  relationships: RelationshipReader,
  forecaster: Forecaster,
  { accounts, codes, checks }: ChannelWork,
): ChannelSource {
  const { configuration, engineService, consoleDatabase, serverFacts } = options
  return {
    status: (name) => {
      const relationship = relationships.readWithoutHistory(name)
      if (relationship === undefined) return undefined
      const { partnerView: _thePartnersOwn, transitions: _askedApart, ...told } = relationship
      const nowMs = Date.now()
      const server = {
        name: configuration.node.name,
        version: serverFacts.version,
        now: isoOf(nowMs),
        startedAt: isoOf(serverFacts.startedAtMs),
        stale: isStale(engineService.view(), nowMs),
      }
      return { server, relationship: told }
    },
    accounts: async (digest) => accounts.tell(digest),
    signInCode: async (relationship, hash) => codes.use(relationship, hash),
    checks: async (relationship) => checks.read(relationship),
    timeline: async (relationship, stretch) =>
      ownTimeline(consoleDatabase, relationships.timelineOf(relationship), stretch),
    pools: (relationship, from) => {
      const list = toPoolList(engineService.view(), forecaster, whatWeKnowOfTheAsker)
      return poolsFrom({ ...list, items: list.items.filter((pool) => pool.relationship === relationship) }, from)
    },
    settings: (relationship, from) => settingsFrom(sharedSettings(configuration.engine, relationship), from),
    lease: async (relationship, text): Promise<Lease | undefined> => {
      const key = keyIn(text)
      if (key === undefined) return undefined
      await engineService.untilListsShow(LISTS_WAIT_MS)
      const row = await findLeaseRow(consoleDatabase, key)
      return row?.relationship === relationship ? toLeaseView(row) : undefined
    },
    leaseHashes: async (relationship, keys) => {
      await insistOnLists(engineService)
      const rows = await findLeaseRows(
        consoleDatabase,
        keys.flatMap((key) => keyIn(key) ?? []),
      )
      return hashedLeases(rows.filter((row) => row.relationship === relationship).map(toLeaseView))
    },
    leaseStretch: async (relationship, { after, through, digest }) => {
      const bounds = { after: boundOf(after), through: boundOf(through) }
      if (bounds.after === null || bounds.through === null) return undefined
      await insistOnLists(engineService)
      await turns.take()
      const rows = await readStretch(
        consoleDatabase,
        { after: bounds.after, through: bounds.through },
        STRETCH_LEASES_MAX + 1,
      )
      const told = rows.slice(0, STRETCH_LEASES_MAX)
      const last = told.at(-1)
      const upTo = rows.length > told.length && last !== undefined ? leaseKeyText(last) : null
      return tellStretch(told.filter((row) => row.relationship === relationship).map(comparableLease), upTo, digest)
    },
  }
}

/** That knows better what it is like itself. */
const whatWeKnowOfTheAsker = (): null => null

/** Undefined: what cannot be a lease has no record either. */
function keyIn(text: string): LeaseKey | undefined {
  try {
    return toLeaseKey(text)
  } catch (error) {
    if (error instanceof HttpProblem) return undefined
    throw error
  }
}

/** Undefined: there is no bound; null: it is none. */
function boundOf(text: string | null): LeaseKey | undefined | null {
  return text === null ? undefined : (leaseKeyFromText(text) ?? null)
}

/** Records of before would be taken for records that differ. */
async function insistOnLists(engineService: EngineService): Promise<void> {
  if (await engineService.untilListsShow(LISTS_WAIT_MS)) return
  throw new HttpProblem('unavailable', {
    detail: 'its lists are behind its leases',
    remedy: 'Ask again in a while.',
    retryAfterSeconds: 5,
  })
}
