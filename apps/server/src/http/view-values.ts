/** How inner values become those of the API: states in lower-kebab, times as ISO 8601, big counts as text. */
import { failoverStates } from '@tandem/api-contract'
import type { FailoverState } from '@tandem/api-contract'
import { duidFromHex, formatDuid } from '@tandem/protocol'

export const isoOf = (unixMs: number): string => new Date(unixMs).toISOString()

export const isoOrNull = (unixMs: number | bigint | null | undefined): string | null =>
  unixMs === undefined || unixMs === null ? null : isoOf(Number(unixMs))

export const msOf = (timestamp: string | undefined): number | undefined =>
  timestamp === undefined ? undefined : Date.parse(timestamp)

export const countOf = (count: number | bigint): string => BigInt(count).toString()

/** As the engine has it, digits alone, to digits with colons. */
export const duidOrNull = (digits: string | null): string | null =>
  digits === null ? null : formatDuid(duidFromHex(digits))

export function failoverStateOf(state: string): FailoverState {
  const lower = state.toLowerCase()
  const found = failoverStates.find((each) => each === lower)
  if (found === undefined) throw new Error(`${state} is not a state of RFC 8156`)
  return found
}

export function countsOf(counts: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, countOf(count)]))
}
