/** When a pool runs out of leases for new clients, if what has been seen goes on. */
import * as z from 'zod'
import { Count, Timestamp } from '../values.ts'

export const forecastOutcomes = [
  'runs-out',
  'empty',
  'not-at-this-rate',
  'not-within-a-year',
  'not-enough-data',
  'gives-none',
] as const

export const PoolForecast = z
  .object({
    outcome: z
      .enum(forecastOutcomes)
      .describe(
        '`runs-out`: at `at`; `empty`: nothing is free now; `not-at-this-rate`: what is free does not fall; ' +
          '`not-enough-data`: watched too shortly for a rate, or to see so far with it; `gives-none`: in this state no new client gets a lease, or the pool is being drained',
      ),
    at: Timestamp.nullable().describe('When the last one is given; only where the pool runs out'),
    from: z
      .enum(['own-free', 'partner-free', 'all-free'])
      .nullable()
      .describe('Which free ones new clients get, as this server knows them; null: they get none'),
    free: Count.describe('How many of those there are now'),
    perHour: z
      .number()
      .nullable()
      .describe('By how many all that is free in the pool falls in an hour; negative: it grows; null: not known yet'),
    windowSeconds: z
      .number()
      .int()
      .describe(
        'Over how long that was seen: of the last ten minutes and the last hour the one in which it fell faster',
      ),
  })
  .meta({ id: 'PoolForecast' })
export type PoolForecast = z.infer<typeof PoolForecast>

export const PoolForecasts = z
  .object({
    present: PoolForecast.describe('In the present state'),
    ifPartnerDown: PoolForecast.nullable().describe(
      'If the partner were declared down now; null: it cannot be, or has been, or there is none',
    ),
  })
  .meta({ id: 'PoolForecasts' })
export type PoolForecasts = z.infer<typeof PoolForecasts>
