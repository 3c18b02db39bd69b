/** What the two servers of a relationship may ask each other over the private channel, and what is answered; nothing can be changed by it, but that a sign-in code is used up (decisions 0103, 0104, 0108). */
import { COMPARED_LEASES_MAX, Relationship, TIMELINE_ENTRIES_MAX, Timestamp } from '@tandem/api-contract'
import type { Check, FailoverState, Lease, Pool, PoolList, TimelineEntry } from '@tandem/api-contract'
import * as z from 'zod'
import type { AskedStretch } from '../http/channel-views.ts'
import type { HashedLeases } from './lease-hashes.ts'
import type { ToldStretch } from './lease-stretch.ts'
import type { ToldSettings } from './partner-settings.ts'

const PREFIX = '/channel/v1/relationships/'

/** Everything is asked of one relationship, so that one check says who may ask. */
export type Question = { readonly relationship: string } & (
  | { readonly kind: 'status' }
  /** What it finds of itself and of the relationship. */
  | { readonly kind: 'checks' }
  | ({ readonly kind: 'timeline' } & AskedStretch)
  /** Those with this id and the following ones, as many as are told at once; absent: the first of them. */
  | { readonly kind: 'pools'; readonly from?: string }
  /** The settings that both should have alike: that with this key and the following ones; absent: the first of them. */
  | { readonly kind: 'settings'; readonly from?: string }
  /** By its text, `2001:db8::1` or `2001:db8::/56`. */
  | { readonly kind: 'lease'; readonly lease: string }
  /** Of a page at most; by their keys, `2001:db8::1` or `2001:db8::-56`. */
  | { readonly kind: 'lease-hashes'; readonly keys: readonly string[] }
  /** By texts of keys (`leaseKeyText`): after the first, through the second; `digest`: of what the asker has there. */
  | {
      readonly kind: 'lease-stretch'
      readonly after: string | null
      readonly through: string | null
      readonly digest: string
    }
  /** Answered when they are others than those of this digest, or after a while; NO_DIGEST: at once. */
  | { readonly kind: 'accounts'; readonly digest: string }
  /** Asked with POST, since it is used up. `hash`: of the code, hexadecimal. */
  | { readonly kind: 'sign-in-code'; readonly hash: string }
)

export const NO_DIGEST = 'none'

export function pathOf(question: Question): string {
  const base = PREFIX + encodeURIComponent(question.relationship)
  switch (question.kind) {
    case 'status':
      return base
    case 'checks':
      return `${base}/checks`
    case 'timeline':
      return `${base}/timeline/${question.fromMs},${question.toMs},${question.limit}`
    case 'pools':
      return question.from === undefined ? `${base}/pools` : `${base}/pools/${encodeURIComponent(question.from)}`
    case 'settings':
      return question.from === undefined ? `${base}/settings` : `${base}/settings/${encodeURIComponent(question.from)}`
    case 'lease':
      return `${base}/leases/${encodeURIComponent(question.lease)}`
    case 'lease-hashes':
      return `${base}/lease-hashes/${encodeURIComponent(question.keys.join(','))}`
    case 'lease-stretch':
      return `${base}/lease-stretches/${question.after ?? ''},${question.through ?? ''},${question.digest}`
    case 'accounts':
      return `${base}/accounts/${encodeURIComponent(question.digest)}`
    case 'sign-in-code':
      return `${base}/sign-in-codes/${encodeURIComponent(question.hash)}`
  }
}

/** Undefined: nothing is answered there. */
export function questionAt(path: string): Question | undefined {
  if (!path.startsWith(PREFIX)) return undefined
  const [relationship, what, which, ...more] = path.slice(PREFIX.length).split('/').map(decoded)
  if (relationship === undefined || relationship === '' || more.length > 0) return undefined
  if (what === undefined) return { relationship, kind: 'status' }
  if (what === 'leases') return which === undefined ? undefined : { relationship, kind: 'lease', lease: which }
  if (what === 'lease-hashes') return which === undefined ? undefined : hashesAt(relationship, which)
  if (what === 'lease-stretches') return which === undefined ? undefined : stretchAt(relationship, which)
  if (what === 'accounts') return which === undefined ? undefined : { relationship, kind: what, digest: which }
  if (what === 'sign-in-codes')
    return which === undefined ? undefined : { relationship, kind: 'sign-in-code', hash: which }
  if (what === 'pools' || what === 'settings') {
    return { relationship, kind: what, ...(which === undefined ? {} : { from: which }) }
  }
  if (what === 'checks') return which === undefined ? { relationship, kind: what } : undefined
  return what === 'timeline' && which !== undefined ? timelineAt(relationship, which) : undefined
}

/** Milliseconds, milliseconds, and how many. */
const WrittenStretch = z.tuple([z.int(), z.int(), z.int().min(1).max(TIMELINE_ENTRIES_MAX)])

function timelineAt(relationship: string, which: string): Question | undefined {
  const read = WrittenStretch.safeParse(which.split(',').map(Number))
  if (!read.success) return undefined
  const [fromMs, toMs, limit] = read.data
  return { relationship, kind: 'timeline', fromMs, toMs, limit }
}

function hashesAt(relationship: string, which: string): Question | undefined {
  const keys = which.split(',')
  return keys.length > COMPARED_LEASES_MAX ? undefined : { relationship, kind: 'lease-hashes', keys }
}

const StretchEnd = z
  .string()
  .regex(/^([ap][0-9a-f]{32}-\d{3})?$/u)
  .transform((text) => (text === '' ? null : text))
const WrittenLeaseStretch = z.tuple([StretchEnd, StretchEnd, z.string().regex(/^[\w-]{1,64}$/u)])

function stretchAt(relationship: string, which: string): Question | undefined {
  const read = WrittenLeaseStretch.safeParse(which.split(','))
  if (!read.success) return undefined
  const [after, through, digest] = read.data
  return { relationship, kind: 'lease-stretch', after, through, digest }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** Without what this server in turn knows of the asker, which knows that better. */
export const ChannelStatus = z.object({
  server: z.object({
    name: z.string(),
    version: z.string(),
    now: Timestamp,
    startedAt: Timestamp,
    stale: z.boolean(),
  }),
  relationship: Relationship.omit({ partnerView: true, transitions: true }),
})
export type ChannelStatus = z.infer<typeof ChannelStatus>

/** What stands in a refusal. */
export const ChannelProblem = z.object({ problem: z.string() })

export const UsedSignInCode = z.object({ operatorId: z.string().min(1).max(100) })
export type UsedSignInCode = z.infer<typeof UsedSignInCode>

export function methodOf({ kind }: Question): 'GET' | 'POST' {
  return kind === 'sign-in-code' ? 'POST' : 'GET'
}

/** Pools in the order of their ids. */
export interface ToldPools extends PoolList {
  /** From which id on there are more; null: that was all. */
  readonly nextFrom: string | null
}

/** Of what the partner reads in one answer, with room for what stands around it. */
const POOLS_OCTETS_MAX = 200_000

export function poolsFrom({ items, ...list }: PoolList, from = ''): ToldPools {
  const inOrder = items.filter(({ id }) => id >= from).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const told: Pool[] = []
  let octets = 0
  for (const pool of inOrder) {
    octets += Buffer.byteLength(JSON.stringify(pool)) + 1
    // At least one, so that whoever asks goes on.
    if (octets > POOLS_OCTETS_MAX && told.length > 0) break
    told.push(pool)
  }
  return { ...list, items: told, nextFrom: inOrder[told.length]?.id ?? null }
}

export interface ToldTimeline {
  readonly stateBefore: FailoverState | null
  /** ISO; null: every entry of the stretch is told. */
  readonly completeFrom: string | null
  /** Newest first. */
  readonly items: readonly TimelineEntry[]
}

/** Where the answers come from; undefined: there is no such thing. */
export interface ChannelSource {
  status(relationship: string): ChannelStatus | undefined
  checks(relationship: string): Promise<readonly Check[]>
  timeline(relationship: string, stretch: AskedStretch): Promise<ToldTimeline>
  pools(relationship: string, from: string | undefined): ToldPools
  settings(relationship: string, from: string | undefined): ToldSettings
  /** Only one of this relationship. */
  lease(relationship: string, lease: string): Promise<Lease | undefined>
  /** Only those of this relationship. */
  leaseHashes(relationship: string, keys: readonly string[]): Promise<HashedLeases>
  /** Undefined: there can be no such stretch. */
  leaseStretch(
    relationship: string,
    stretch: Pick<Extract<Question, { kind: 'lease-stretch' }>, 'after' | 'through' | 'digest'>,
  ): Promise<ToldStretch | undefined>
  /** Of the whole server, as soon as they are others than those of the digest. */
  accounts(digest: string): Promise<object>
  /** Used up by it; undefined: it is not good. */
  signInCode(relationship: string, hash: string): Promise<UsedSignInCode | undefined>
}
