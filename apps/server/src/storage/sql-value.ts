/** What the database driver takes and gives. It knows no truth values and no `undefined`: those are translated here. */

export type SqlValue = string | number | bigint | Uint8Array | null

export function orNull<Value extends SqlValue>(value: Value | undefined): Value | null {
  return value === undefined ? null : value
}

export function orUndefined<Value>(value: unknown, read: (present: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : read(value)
}

export function asNumber(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`the storage holds ${typeof value} where a number stands`)
  return value
}

export function asText(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`the storage holds ${typeof value} where text stands`)
  return value
}

/** A plain copy: the driver's own octets are slices of a pool. */
export function asBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error(`the storage holds ${typeof value} where octets stand`)
  return Uint8Array.from(value)
}
