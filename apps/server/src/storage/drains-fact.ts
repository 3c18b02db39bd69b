/** The pools that an operator drains, as one fact of the node (docs/decisions/0117). */
import { instant, type PoolDrain } from '@tandem/engine'
import * as z from 'zod'
import { NodeFactKey } from './node-fact-keys.ts'

const StoredDrains = z.array(
  z.strictObject({ pool: z.string(), since: z.number(), operator: z.string(), reason: z.string() }),
)

export function drainsToFact(drains: readonly PoolDrain[]): readonly [key: string, value: string] {
  return [NodeFactKey.poolDrains, JSON.stringify(drains)]
}

/** Undefined: no pool was ever drained. */
export function drainsFromFact(value: string | undefined): readonly PoolDrain[] {
  if (value === undefined) return []
  return StoredDrains.parse(JSON.parse(value)).map((drain) => ({ ...drain, since: instant(drain.since) }))
}
