/** Values that many resources speak of: times, counts, failover states and lease states as the API spells them. */
import * as z from 'zod'

/** ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime().meta({ id: 'Timestamp', description: 'ISO 8601, UTC' })

/** Pools exceed 2^53, so a count is decimal text; read it with BigInt. */
export const Count = z
  .string()
  .regex(/^(0|[1-9][0-9]*)$/)
  .meta({ id: 'Count', description: 'Decimal digits; may exceed 2^53' })

/** Of one representation: changes whenever anything else in it does. */
export const Version = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .meta({ id: 'Version', description: 'The ETag without its quotes; send it back in If-Match, in quotes' })

/** The ten states of RFC 8156 section 8, in lower-kebab. */
export const failoverStates = [
  'startup',
  'normal',
  'communications-interrupted',
  'partner-down',
  'potential-conflict',
  'conflict-done',
  'resolution-interrupted',
  'recover',
  'recover-wait',
  'recover-done',
] as const

export const FailoverState = z
  .enum(failoverStates)
  .meta({ id: 'FailoverState', description: 'State of RFC 8156 section 8 in lower-kebab' })
export type FailoverState = z.infer<typeof FailoverState>

export const FailoverRole = z.enum(['primary', 'secondary']).meta({ id: 'FailoverRole' })
export type FailoverRole = z.infer<typeof FailoverRole>

/** As RFC 8156 and its readers write it: `COMMUNICATIONS-INTERRUPTED`. */
export function failoverStateWord(state: FailoverState): string {
  return state.toUpperCase()
}

/** RFC 8156 section 7.2, in lower-kebab. */
export const leaseStates = ['active', 'expired', 'released', 'free', 'free-backup', 'abandoned', 'reset'] as const

export const LeaseState = z
  .enum(leaseStates)
  .meta({ id: 'LeaseState', description: 'Binding status of RFC 8156 section 7.2 in lower-kebab' })
export type LeaseState = z.infer<typeof LeaseState>

export const LeaseKind = z.enum(['address', 'prefix']).meta({ id: 'LeaseKind' })
export type LeaseKind = z.infer<typeof LeaseKind>

/** Which clients a server answers in its present state. */
export const AnsweredClients = z.enum(['everyone', 'own-identifier', 'nobody'])

export const serviceLevels = ['ok', 'degraded', 'at-risk', 'down'] as const

/** One sentence that a person reads first, with the word for its colour and icon. */
export const Headline = z
  .object({ level: z.enum(serviceLevels), sentence: z.string() })
  .meta({ id: 'Headline', description: 'How things stand, in one sentence' })
export type Headline = z.infer<typeof Headline>

/** Whether clients get answers from this server now. */
export const ClientsNow = z
  .object({ answered: z.enum(['all', 'some', 'none']), sentence: z.string() })
  .meta({ id: 'ClientsNow', description: 'Whether clients get answers from this server now' })
export type ClientsNow = z.infer<typeof ClientsNow>
