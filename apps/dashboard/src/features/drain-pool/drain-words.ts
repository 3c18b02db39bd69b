/** What draining a pool does, before it is done, and how far it is, in words. */
import type { Pool } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import type { PoolAct } from './use-drain-pool.ts'

export interface DrainWords {
  readonly title: string
  readonly act: string
  readonly acting: string
  /** In the dialog, line by line. */
  readonly follows: readonly string[]
}

/** What the words are about besides the pool. */
export interface DrainSurroundings {
  /** All of this server. */
  readonly pools: readonly Pool[]
  /** Undefined: it serves the pool alone. */
  readonly partnerName: string | undefined
}

export function drainWords(act: PoolAct, pool: Pool, { pools, partnerName }: DrainSurroundings): DrainWords {
  return act === 'drainPool'
    ? {
        title: `Drain ${pool.id}?`,
        act: 'Drain',
        acting: 'Beginning…',
        follows: [
          newClientsWords(pool, pools),
          leasesWords(pool),
          'A client that renews is told to use its lease for nothing new, and gets another one beside it where there is one.',
          'Reserved leases stay, until their reservations are taken out of the configuration.',
          `It lasts, also over restarts, until you stop it. ${partnerWords('drains', partnerName)}`.trim(),
        ],
      }
    : {
        title: `Stop draining ${pool.id}?`,
        act: 'Stop draining',
        acting: 'Stopping…',
        follows: [
          'New clients get leases of this pool again.',
          'Clients that still have one get its full time with their next renewal.',
          ...(partnerName === undefined ? [] : [partnerWords('stops', partnerName)]),
        ],
      }
}

function newClientsWords({ id, subnetId, kind }: Pool, pools: readonly Pool[]): string {
  const others = pools.filter(
    (other) => other.id !== id && other.subnetId === subnetId && other.kind === kind && other.draining === null,
  )
  const what = kind === 'prefix' ? 'prefixes' : 'addresses'
  return others.length === 0
    ? `${subnetId} has no other pool of ${what}: new clients get none, unless another subnet of their link has one.`
    : `New clients get ${what} of ${others.map((other) => other.id).join(', ')} instead.`
}

function leasesWords({ leased }: Pool): string {
  if (leased === '0') return 'No lease of it is in use.'
  return leased === '1'
    ? 'One lease is in use. It runs to the end of what its client was promised, and is not extended.'
    : `${groupedDigits(leased)} leases are in use. Each runs to the end of what its client was promised, and is not extended.`
}

function partnerWords(what: 'drains' | 'stops', partnerName: string | undefined): string {
  if (partnerName === undefined) return ''
  return what === 'drains'
    ? `Of this server only: drain it on ${partnerName} too, or clients go on getting and renewing leases there.`
    : `Of this server only: stop it on ${partnerName} too.`
}

export type PartnerDiffers = 'only-here' | 'only-partner' | 'unknown'

/** Undefined: there is no partner, or both do the same. */
export function partnerDiffers({ relationship, draining, partnerDraining }: Pool): PartnerDiffers | undefined {
  if (relationship === null) return undefined
  if (partnerDraining === null) return draining === null ? undefined : 'unknown'
  if (partnerDraining === (draining !== null)) return undefined
  return partnerDraining ? 'only-partner' : 'only-here'
}
