/** Until when a failover message, mutant or not, says that leases are promised to clients, or lets them be (RFC 8156 sections 7.4, 4.4). */
import {
  decodeStreamMessage,
  expirationTimeOption,
  fromDhcpTime,
  mcltOption,
  partnerLifetimeOption,
  stateExpirationTimeOption,
  type DhcpTime,
  type OptionInstance,
} from '@tandem/protocol'

const promiseCodes: ReadonlySet<number> = new Set(
  [expirationTimeOption, partnerLifetimeOption, stateExpirationTimeOption].map(({ code }) => code),
)

/** Milliseconds since 1970; -Infinity: it promises nothing, or cannot be read. */
export function promisesUntilMs(message: Uint8Array, nowMs: number): number {
  const decoded = decodeStreamMessage(message)
  return decoded.ok ? latestIn(decoded.value.options, nowMs) : -Infinity
}

function latestIn(options: readonly OptionInstance[], nowMs: number): number {
  return Math.max(
    -Infinity,
    ...options.map(({ code, value }) => {
      // The decoder of each of these gives such a time, and only they have these codes.
      if (promiseCodes.has(code)) return fromDhcpTime(value as DhcpTime, nowMs)
      // A secondary takes it over from CONNECT, remembers it, and tells it to a primary that lost its store (decision 0024).
      if (code === mcltOption.code) return nowMs + (value as number) * 1000
      return latestIn(optionsInside(value), nowMs)
    }),
  )
}

function optionsInside(value: unknown): readonly OptionInstance[] {
  if (Array.isArray(value)) return value.filter(isOption)
  if (typeof value !== 'object' || value === null || !('options' in value)) return []
  return Array.isArray(value.options) ? value.options.filter(isOption) : []
}

function isOption(value: unknown): value is OptionInstance {
  return typeof value === 'object' && value !== null && 'code' in value && 'value' in value
}
