/** How fine histories of counts are, and for how long: finer ones are kept for a shorter time. */
import * as z from 'zod'
import { PAGE_LIMIT_MAX, pageQuery, timeQuery } from '../paging.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** From the finest on. */
export const historySteps = [
  { step: '10s', seconds: 10, keptSeconds: HOUR },
  { step: '5min', seconds: 300, keptSeconds: 2 * DAY },
  { step: '1h', seconds: HOUR, keptSeconds: 90 * DAY },
] as const

export const HistoryStep = z.enum(historySteps.map(({ step }) => step)).meta({
  id: 'HistoryStep',
  description: 'How far apart points are: 10s for an hour, 5min for two days, 1h for 90 days',
})
export type HistoryStep = z.infer<typeof HistoryStep>

/** As many points as fit one page, unless asked for fewer. */
export const HistoryQuery = z.strictObject({
  ...pageQuery,
  limit: pageQuery.limit.default(PAGE_LIMIT_MAX),
  ...timeQuery,
  step: HistoryStep.default('10s'),
})
export type HistoryQuery = z.infer<typeof HistoryQuery>

export function stepSecondsOf(step: HistoryStep): number {
  const found = historySteps.find((each) => each.step === step)
  if (found === undefined) throw new Error(`${step} is no step of a history`)
  return found.seconds
}
