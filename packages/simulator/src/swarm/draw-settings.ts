/** What a seed is made of: lifetimes, MCLT and sizes drawn anew, from seconds to hours (RFC 8156 sections 4.4 and 6.6). */
import type { PairSettings } from '../world/pair-configuration.ts'
import type { Random } from '../world/random.ts'
import type { History } from '../world/world.ts'
import { ambushOf, type Ambush } from './ambush.ts'
import { isSkirmish, SKIRMISH_CLIENTS, skirmishSettings } from './skirmish.ts'

interface Scale {
  readonly mcltSeconds: readonly [number, number]
  readonly validSeconds: readonly [number, number]
  readonly keepaliveSeconds: readonly number[]
}

/** No lease may be shorter than thirty seconds (RFC 8156 section 1), and none longer than the MCLT without the partner. */
const scales: readonly Scale[] = [
  { mcltSeconds: [30, 60], validSeconds: [30, 240], keepaliveSeconds: [4, 8, 20] },
  { mcltSeconds: [60, 600], validSeconds: [120, 3_600], keepaliveSeconds: [8, 20, 60] },
  { mcltSeconds: [600, 7_200], validSeconds: [1_800, 172_800], keepaliveSeconds: [60] },
]

/** Of all seeds. */
const OPERATOR_ERROR_PART = 0.15
const CLIENTS_MIN = 5
const CLIENTS_MAX = 200
/** Lengths of prefixes out of a /48: from 8 to 256 of them. */
const DELEGATED_LENGTHS = [51, 52, 54, 56]

export interface DrawnRun {
  readonly settings: Partial<PairSettings>
  readonly clientCount: number
  readonly history: History
  /** How faults come besides by chance. */
  readonly manner: 'quiet' | 'skirmish' | Ambush
}

export function drawRun(random: Random, seed: number): DrawnRun {
  const scale = random.pick(scales) ?? someScale()
  const clientCount = logarithmic(random, CLIENTS_MIN, CLIENTS_MAX)
  const validSeconds = logarithmic(random, ...scale.validSeconds)
  const settings = {
    mcltSeconds: logarithmic(random, ...scale.mcltSeconds),
    validSeconds,
    preferredSeconds: Math.ceil(validSeconds * (random.pick([0.5, 0.75, 1]) ?? 0.5)),
    keepaliveSeconds: random.pick(scale.keepaliveSeconds) ?? 20,
    startupSeconds: random.between(3, 10),
    reconnectSeconds: random.between(1, 5),
    // Often so few that leases change hands.
    addresses: Math.max(8, Math.round(clientCount * (random.pick([0.5, 1, 2, 4]) ?? 1))),
    delegatedLength: random.pick(DELEGATED_LENGTHS) ?? 56,
    rapidCommit: random.chance(0.5),
    secondaryPrefixShare: random.pick([0.2, 0.5]) ?? 0.5,
    maxUnackedUpdates: random.pick([1, 3, 10, 100]) ?? 10,
    isTls: random.chance(0.3),
    ...drawFurther(random),
  } satisfies Partial<PairSettings>
  const history = random.chance(OPERATOR_ERROR_PART) ? 'operator-error' : 'declared-safe'
  // A server that declares its partner down by itself cannot know that it does not run.
  const autoPartnerDownSeconds = history === 'operator-error' && random.chance(0.3) ? random.between(5, 120) : undefined
  // The primary dials: one that starts has to be reached before it gives up looking for its partner, whatever hung before.
  const startupSeconds = Math.max(settings.startupSeconds, settings.reconnectSeconds + 5)
  const drawn: Partial<PairSettings> = { ...settings, startupSeconds, autoPartnerDownSeconds }
  if (isSkirmish(seed)) {
    return {
      settings: { ...drawn, ...skirmishSettings(random) },
      clientCount: SKIRMISH_CLIENTS,
      history: 'operator-error',
      manner: 'skirmish',
    }
  }
  const ambush = ambushOf(seed)
  if (ambush === undefined) return { settings: drawn, clientCount, history, manner: 'quiet' }
  return {
    settings: drawn,
    clientCount,
    history: ambush.needsOperatorError ? 'operator-error' : history,
    manner: ambush,
  }
}

/** What most pairs do without. */
function drawFurther(random: Random): Partial<PairSettings> {
  const reservedClients = random.pick([0, 0, 0, 3, 8]) ?? 0
  return {
    links: random.pick([1, 1, 2, 3]) ?? 1,
    activeStandby: random.chance(0.2),
    areAddressesShared: random.chance(0.2),
    reservedClients,
    reservationsDiffer: reservedClients > 0 && random.chance(0.2),
    doubleLease: random.chance(0.15) ? 'both' : 'latest',
    prefixRebalanceThreshold: random.pick([0.05, 0.1, 0.3]) ?? 0.1,
    contactsPerKeepalive: random.pick([4, 4, 8]) ?? 4,
    acknowledgementStallSeconds: random.pick([undefined, undefined, 10]),
  }
}

/** Whole number between both, small ones as likely as large ones. */
export function logarithmic(random: Random, from: number, to: number): number {
  return Math.round(from * (to / from) ** random.fraction())
}

function someScale(): never {
  throw new Error('there are scales to draw from')
}
