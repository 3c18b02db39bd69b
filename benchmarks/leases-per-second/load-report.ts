/** What a load generator is asked for and what it tells, whichever it is. */
import type { Namespace } from '../../e2e/topology/namespaces.ts'

export type Asked = 'addresses' | 'prefixes' | 'both'

export interface Load {
  readonly asked: Asked
  readonly exchangesPerSecond: number
  /** Of clients that this load made; 0: none. At most as many as exchanges. */
  readonly renewalsPerSecond: number
  readonly seconds: number
  /** 0 to 255. Each load of a repeat has clients of its own, or it would measure old friends. */
  readonly clientGroup: number
}

/** One question and its answer. */
export interface Leg {
  readonly sent: number
  readonly received: number
  readonly rejected: number
  readonly averageDelayMs: number | undefined
  readonly longestDelayMs: number | undefined
  /** Undefined: the generator does not keep single delays. */
  readonly percentiles: Percentiles | undefined
}

export interface Percentiles {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

export interface LoadReport {
  readonly solicits: Leg
  readonly requests: Leg
  /** Undefined: none were asked for. */
  readonly renewals: Leg | undefined
}

export interface Generator {
  readonly name: string
  run(from: Namespace, interfaceName: string, load: Load): Promise<LoadReport>
}

/** Came to what they wanted. */
export function completed({ received, rejected }: Leg): number {
  return received - rejected
}

/** Part that did not: of the exchanges that were begun, or of the renewals, whichever is more. */
export function lostPart({ solicits, requests, renewals }: LoadReport): number {
  const part = (done: number, begun: number): number => (begun === 0 ? 1 : 1 - done / begun)
  const ofExchanges = part(completed(requests), solicits.sent)
  return renewals === undefined ? ofExchanges : Math.max(ofExchanges, part(completed(renewals), renewals.sent))
}
