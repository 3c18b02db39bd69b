/** What the clients of one run do beside coming and going; in some runs hardly anything, in others a lot. */
import type { ClientWishes } from '../actors/client.ts'
import type { Random } from '../world/random.ts'

/** What a client may do while it is there. */
export type VisitAct = 'sleep' | 'restart' | 'move' | 'ask for settings' | 'ask for more'

export interface Habits {
  /** Of all clients. */
  readonly severalIasPart: number
  readonly temporaryPart: number
  /** Of new addresses. */
  readonly duplicateChance: number
  /** Expected in one stay. */
  readonly actsPerStay: number
  /** How likely a client sees that it is on another link. */
  readonly noticesMoveChance: number
}

/** Of one kind. */
export const IAS_MAX = 3

export function drawHabits(random: Random): Habits {
  return {
    severalIasPart: random.pick([0, 0.3, 1]) ?? 0,
    temporaryPart: random.pick([0, 0.1]) ?? 0,
    duplicateChance: random.pick([0, 0.02, 0.1]) ?? 0,
    actsPerStay: random.pick([0, 0.3, 2]) ?? 0,
    noticesMoveChance: random.pick([0.2, 0.8]) ?? 0.8,
  }
}

export function drawWishes(random: Random, habits: Habits): ClientWishes {
  const [wantsAddress, wantsPrefix] = random.pick([
    [true, false],
    [false, true],
    [true, true],
  ] as const) ?? [true, true]
  const rapidCommit = random.chance(0.3)
  const count = (): number => (random.chance(habits.severalIasPart) ? random.between(1, IAS_MAX) : 1)
  return {
    addresses: wantsAddress ? count() : 0,
    prefixes: wantsPrefix ? count() : 0,
    temporary: random.chance(habits.temporaryPart),
    rapidCommit,
    duplicateChance: habits.duplicateChance,
  }
}

export function drawAct(random: Random): VisitAct {
  return (
    random.pick(['sleep', 'restart', 'move', 'move', 'ask for settings', 'ask for more', 'ask for more'] as const) ??
    'restart'
  )
}
