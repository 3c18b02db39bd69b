/** What a broken sender, a bad line or an attacker makes of a valid message: one of seven kinds of mutation, from a seed. */
import { isFailoverMessageType, isRelayMessageType } from '@tandem/protocol'
import type { SeededRandom } from '../loopback-pair/seeded-random.ts'

export const mutationKinds = [
  'cut',
  'length',
  'nesting',
  'duplicated',
  'swapped',
  'relay depth',
  'flipped',
  'random',
] as const
export type MutationKind = (typeof mutationKinds)[number]

/** One in ten is no message at all. */
const RANDOM_PROBABILITY = 0.1

const OPTION_HEADER = 4
/** Options whose value holds options, and what stands before these. */
const CONTAINERS: ReadonlyMap<number, number> = new Map([
  [3, 12],
  [4, 4],
  [5, 24],
  [25, 12],
  [26, 25],
  [44, 17],
  [45, 0],
  [116, 0],
])
const RELAY_MESSAGE = 9
const NESTINGS_MAX = 60
const RELAYS_MAX = 40
const OCTETS_MAX = 8000

interface OptionPlace {
  readonly at: number
  readonly code: number
  readonly length: number
  readonly isTop: boolean
}

export interface Mutant {
  readonly kind: MutationKind
  readonly bytes: Uint8Array
}

export function mutate(original: Uint8Array, random: SeededRandom): Mutant {
  if (random.chance(RANDOM_PROBABILITY)) return { kind: 'random', bytes: random.bytes(random.below(400)) }
  const kinds = mutationKinds.filter((kind) => kind !== 'random' && (kind !== 'relay depth' || isRelay(original)))
  const kind = random.pick(kinds)
  return { kind, bytes: apply(kind, original, random).subarray(0, OCTETS_MAX) }
}

function apply(kind: MutationKind, original: Uint8Array, random: SeededRandom): Uint8Array {
  switch (kind) {
    case 'cut':
      return original.subarray(0, random.below(original.length + 1))
    case 'length':
      return withOtherLength(original, random)
    case 'nesting':
      return nested(original, random)
    case 'duplicated':
      return withOneTwice(original, random)
    case 'swapped':
      return withTwoSwapped(original, random)
    case 'relay depth':
      return inMoreRelays(original, random)
    case 'flipped':
      return flipped(original, random)
    case 'random':
      return random.bytes(random.below(400))
  }
}

function withOtherLength(original: Uint8Array, random: SeededRandom): Uint8Array {
  const places = optionPlaces(original)
  if (places.length === 0) return flipped(original, random)
  const { at, length } = random.pick(places)
  const wrong = random.pick([length + 1, Math.max(0, length - 1), 0, 0xffff, random.below(0x10000), length + 4])
  const bytes = original.slice()
  new DataView(bytes.buffer).setUint16(at + 2, wrong & 0xffff)
  return bytes
}

/** The options of the message inside of one container inside of another, all lengths right. */
function nested(original: Uint8Array, random: SeededRandom): Uint8Array {
  const start = optionsStart(original)
  const code = random.pick([...CONTAINERS.keys()])
  const fixed = CONTAINERS.get(code) ?? 0
  let inside = original.subarray(start)
  for (let depth = 1 + random.below(NESTINGS_MAX); depth > 0 && inside.length < OCTETS_MAX; depth -= 1) {
    inside = optionOf(code, joined(random.bytes(fixed), inside))
  }
  return joined(original.subarray(0, start), inside)
}

function withOneTwice(original: Uint8Array, random: SeededRandom): Uint8Array {
  const tops = optionPlaces(original).filter(({ isTop }) => isTop)
  if (tops.length === 0) return flipped(original, random)
  const { at, length } = random.pick(tops)
  const end = at + OPTION_HEADER + length
  let copies = original.subarray(at, end)
  for (let times = random.below(4); times > 0; times -= 1) copies = joined(copies, copies)
  return joined(original.subarray(0, end), copies, original.subarray(end))
}

function withTwoSwapped(original: Uint8Array, random: SeededRandom): Uint8Array {
  const tops = optionPlaces(original).filter(({ isTop }) => isTop)
  if (tops.length < 2) return flipped(original, random)
  const first = random.below(tops.length - 1)
  const pieces = tops.map(({ at, length }) => original.subarray(at, at + OPTION_HEADER + length))
  const [moved] = pieces.splice(first, 1)
  pieces.splice(first + 1 + random.below(pieces.length - first), 0, moved ?? new Uint8Array(0))
  return joined(original.subarray(0, optionsStart(original)), ...pieces)
}

/** More relays than a relay may pass on; the lengths are right. */
function inMoreRelays(original: Uint8Array, random: SeededRandom): Uint8Array {
  const header = original.subarray(0, optionsStart(original))
  let bytes = original
  for (let depth = 1 + random.below(RELAYS_MAX); depth > 0; depth -= 1) {
    bytes = joined(header, optionOf(RELAY_MESSAGE, bytes))
  }
  return bytes
}

/** One to four octets; rarely of the header, or the message would be something else and out of its time. */
function flipped(original: Uint8Array, random: SeededRandom): Uint8Array {
  if (original.length === 0) return original
  // A message without options is all header: it gets something behind it.
  if (optionsStart(original) >= original.length) return joined(original, random.bytes(1 + random.below(8)))
  const bytes = original.slice()
  const start = random.chance(0.98) ? optionsStart(original) : 0
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const at = start + random.below(bytes.length - start)
    bytes[at] = random.chance(0.5) ? random.below(256) : (bytes[at] ?? 0) ^ (1 << random.below(8))
  }
  return bytes
}

function optionPlaces(bytes: Uint8Array): readonly OptionPlace[] {
  return placesIn(bytes, optionsStart(bytes), bytes.length, true)
}

function placesIn(bytes: Uint8Array, from: number, to: number, isTop: boolean): readonly OptionPlace[] {
  const places: OptionPlace[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = from; at + OPTION_HEADER <= to;) {
    const code = view.getUint16(at)
    const length = view.getUint16(at + 2)
    const end = at + OPTION_HEADER + length
    if (end > to) break
    places.push({ at, code, length, isTop })
    const fixed = code === RELAY_MESSAGE ? optionsStart(bytes.subarray(at + OPTION_HEADER, end)) : CONTAINERS.get(code)
    if (fixed !== undefined) places.push(...placesIn(bytes, at + OPTION_HEADER + fixed, end, false))
    at = end
  }
  return places
}

function optionsStart(message: Uint8Array): number {
  const type = message[0] ?? 0
  if (isRelayMessageType(type)) return Math.min(34, message.length)
  return Math.min(isFailoverMessageType(type) ? 8 : 4, message.length)
}

function isRelay(message: Uint8Array): boolean {
  return isRelayMessageType(message[0] ?? 0)
}

function optionOf(code: number, value: Uint8Array): Uint8Array {
  const header = new Uint8Array(OPTION_HEADER)
  const view = new DataView(header.buffer)
  view.setUint16(0, code)
  view.setUint16(2, value.length & 0xffff)
  return joined(header, value)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
