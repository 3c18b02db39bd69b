/** What the histories of counts have in common: their questions as storage asks them, and their pages. */
import { stepSecondsOf } from '@tandem/api-contract'
import type { HistoryQuery, HistoryStep } from '@tandem/api-contract'
import type { SamplePageQuery } from '../storage/samples.queries.ts'
import { idOfCursor, pageFrom } from './cursor.ts'
import { msOf } from './view-values.ts'

export function toSampleQuery({ step, from, to, cursor, limit }: HistoryQuery): SamplePageQuery {
  return {
    stepSeconds: stepSecondsOf(step),
    fromMs: msOf(from),
    toMs: msOf(to),
    beforeMs: idOfCursor(cursor),
    limit: limit + 1,
  }
}

export function historyPage<Row extends { readonly at: bigint }, Item>(
  rows: readonly Row[],
  { step, limit }: HistoryQuery,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null; step: HistoryStep } {
  return { ...pageFrom(rows, limit, toItem, ({ at }) => [Number(at)]), step }
}
