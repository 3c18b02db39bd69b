/** A stretch of both tables of leases: first by one digest, and lease by lease where that is not the same (decision 0128). */
import { AGREEMENT_RULES, agreementOf, needsNoRecord } from '@tandem/api-contract'
import * as z from 'zod'
import type { ComparableLease, StretchItem } from '../http/channel-views.ts'
import { compareRecords, hashedLease, HashedLease, hashOf } from './lease-hashes.ts'

/** In one answer, with room below the octets that the partner reads. */
export const STRETCH_LEASES_MAX = 1_000

const StretchLease = HashedLease.extend({ needsNoRecord: z.boolean() })

export const ToldStretch = z.object({
  rules: z.int(),
  /** The digests are the same: no lease is told. */
  isSame: z.boolean(),
  items: z.array(StretchLease),
  /** There is more in the stretch behind this key; null: that was all. */
  upTo: z.string().nullable(),
})
export type ToldStretch = z.infer<typeof ToldStretch>

/** Of a stretch that has no digest, since something in it is owed. */
const NO_DIGEST = 'none'

/**
 * Alike on both sides where every lease agrees and none is owed. What one counts on is what the other acknowledged, so the
 * answerer's are the other way round; a server that forgot an acknowledgement has another digest and still agrees.
 */
export function digestOf(leases: readonly ComparableLease[], side: 'asker' | 'answerer'): string {
  const texts: string[] = []
  for (const lease of leases) {
    if (lease.owedToPartner) return NO_DIGEST
    if (needsNoRecord(lease)) continue
    const { agreed, countsOn, acknowledged } = agreementOf(lease)
    const mirrored = side === 'asker' ? [countsOn, acknowledged] : [acknowledged, countsOn]
    texts.push([lease.key, agreed, ...mirrored].join(' '))
  }
  return hashOf(`${AGREEMENT_RULES}\n${texts.join('\n')}`)
}

/** `leases`: of the stretch, or of its beginning through `upTo`; `digest`: the asker's. */
export function tellStretch(leases: readonly ComparableLease[], upTo: string | null, digest: string): ToldStretch {
  const isSame = upTo === null && digest !== NO_DIGEST && digestOf(leases, 'answerer') === digest
  return {
    rules: AGREEMENT_RULES,
    isSame,
    items: isSame ? [] : leases.map((lease) => ({ ...hashedLease(lease), needsNoRecord: needsNoRecord(lease) })),
    upTo,
  }
}

/** `own`: all that this server has in the stretch. */
export function compareStretch(own: readonly ComparableLease[], told: ToldStretch): readonly StretchItem[] {
  if (told.isSame) return own.map(({ key }) => ({ key, outcome: 'agrees' }))
  const { upTo } = told
  const theirs = new Map(told.items.map((hashed) => [hashed.key, hashed]))
  const compared = upTo === null ? own : own.filter(({ key }) => key <= upTo)
  const items = compared.map((lease): StretchItem => {
    const { outcome } = compareRecords(lease, theirs.get(lease.key))
    theirs.delete(lease.key)
    return { key: lease.key, outcome }
  })
  const onlyThere = [...theirs.values()].map((hashed): StretchItem => ({
    key: hashed.key,
    outcome: hashed.owedToPartner ? 'owed' : hashed.needsNoRecord ? 'agrees' : 'only-there',
  }))
  return [...items, ...onlyThere].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}
