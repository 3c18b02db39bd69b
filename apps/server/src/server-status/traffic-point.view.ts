/** A point of the history of traffic as the API shows it. */
import type { TrafficPoint } from '@tandem/api-contract'
import { countOf, isoOf } from '../http/view-values.ts'
import type { TrafficSampleRow } from '../storage/samples.queries.ts'

export function toTrafficPoint({ at, coveredMs, requests, replies, unanswered }: TrafficSampleRow): TrafficPoint {
  return {
    at: isoOf(Number(at)),
    coveredSeconds: Number(coveredMs) / 1000,
    requests: countOf(requests),
    replies: countOf(replies),
    unanswered: countOf(unanswered),
  }
}
