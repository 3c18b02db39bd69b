/** What becomes of clients before, during and after a flood, and what is read from it. */
import { completed, type Leg, type LoadReport } from '../leases-per-second/load-report.ts'

export type PhaseName = 'before' | 'flood' | 'after'

export interface Phase {
  readonly name: PhaseName
  /** New clients, as a multiple of what the server carries at most. */
  readonly newClients: number
  /** Renewals likewise, of clients that got their lease in the same phase. */
  readonly renewals: number
  readonly seconds: number
}

/** The flood is of new clients; those that have a lease renew as before. */
export function phasesOf(floodFactor: number, seconds: number): readonly Phase[] {
  return [
    { name: 'before', newClients: 0.5, renewals: 0.2, seconds },
    { name: 'flood', newClients: floodFactor, renewals: 0.2, seconds },
    { name: 'after', newClients: 0.5, renewals: 0.2, seconds },
  ]
}

export interface PhaseFigures {
  readonly phase: PhaseName
  readonly askedPerSecond: number
  /** Exchanges that came to their REPLY within a second after the end. */
  readonly completedPerSecond: number
  /** Of those that got an ADVERTISE and asked for it: the clients that a server has begun to serve. */
  readonly requestsAnswered: number
  /** From 0 to 1; undefined: no client had a lease to renew. */
  readonly renewalsAnswered: number | undefined
  readonly requests: Leg
  readonly renewals: Leg | undefined
  readonly residentMegabytes: readonly number[]
}

export function figuresOf(
  { name, seconds }: Phase,
  { solicits, requests, renewals }: LoadReport,
  residentMegabytes: readonly number[],
): PhaseFigures {
  const part = (leg: Leg): number | undefined => (leg.sent === 0 ? undefined : completed(leg) / leg.sent)
  return {
    phase: name,
    askedPerSecond: solicits.sent / seconds,
    completedPerSecond: completed(requests) / seconds,
    requestsAnswered: part(requests) ?? 0,
    renewalsAnswered: renewals === undefined ? undefined : part(renewals),
    requests,
    renewals,
    residentMegabytes,
  }
}

/** How much of its best a server still does under the flood: 1 is all of it. */
export function goodput(flood: PhaseFigures, peakPerSecond: number): number {
  if (peakPerSecond <= 0) throw new RangeError('a peak is above zero')
  return flood.completedPerSecond / peakPerSecond
}
