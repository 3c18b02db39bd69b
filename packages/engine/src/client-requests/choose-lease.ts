/** Which lease an IA of a SOLICIT or REQUEST gets (RFC 9915 §13, §18.3.1, §18.3.2; RFC 8156 sections 4.2 and 7.2). */
import { hasBug } from '../deliberate-bug.ts'
import type { PoolAllocator } from '../allocation/pools.ts'
import {
  bindingKey,
  keyOf,
  type Binding,
  type BindingClient,
  type BindingKey,
  type LeaseKind,
} from '../bindings/binding.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import type { Grant } from './answer.ts'
import type { NamedLease, RequestedIa } from './client-request.ts'
import { withoutLeftOut } from './left-out.ts'
import { grantLease } from './lease-times.ts'
import { isOfOwnPart } from './own-part.ts'
import type { RequestContext } from './request-context.ts'
import { reservedLease } from './reserved-lease.ts'
import type { TakenLeases } from './taken-leases.ts'

/** Bounds the work for one IA when most of a pool is under offer; the next search goes on where this one stopped. */
const CANDIDATES_PER_POOL_MAX = 256

const NO_LEASE_LEFT = 'RFC 9915 18.3.2'
const DRAINED = {
  because: 'a pool of the link is being drained, and no other has a lease left that may be given',
  rule: 'decision 0117',
}

export type Choice = { readonly ok: true; readonly grants: readonly Grant[] } | ({ readonly ok: false } & Failure)

export interface Failure {
  readonly because: string
  readonly rule: string
  readonly subnetId: string
}

export function leaseKindOf(ia: RequestedIa): LeaseKind {
  return ia.iaType === 'IA_PD' ? 'prefix' : 'address'
}

/** Leases of this link that the IA holds and that this server may extend. What is kept for another client may not be. */
export function heldLeases(client: BindingClient, context: RequestContext): readonly Grant[] {
  const held = context.table.ofClient(client.duid, client.iaType, client.iaid).filter((binding) => {
    return binding.status === 'ACTIVE' && context.served.some(({ id }) => id === binding.subnetId)
  })
  return withoutLeftOut(held, context).flatMap((binding) => {
    const subnet = context.served.find(({ id }) => id === binding.subnetId)
    if (subnet === undefined || context.pools.reservations.isForAnother(keyOf(binding), client)) return []
    return grantLease(binding, client, subnet, binding, context) ?? []
  })
}

/** `taken` is added to. */
export function chooseLeases(
  ia: RequestedIa,
  client: BindingClient,
  context: RequestContext,
  taken: TakenLeases,
): Choice {
  const reserved = reservedLease(client, context, taken)
  if (reserved !== undefined) {
    taken.add(reserved.lease)
    return { ok: true, grants: [reserved] }
  }
  const held = heldLeases(client, context)
  const staying = held.filter(({ isDrained }) => !isDrained)
  if (staying.length > 0) return { ok: true, grants: staying }
  const search = new LeaseSearch(ia, client, context, taken)
  const found = search.run()
  // Better a lease that will run out than none.
  if (found === undefined && held.length > 0) return { ok: true, grants: held }
  if (found === undefined) return { ok: false, ...search.failure() }
  taken.add(found.lease)
  return { ok: true, grants: [found] }
}

/** A subnet from which new leases may come now, and from which part. */
interface Source {
  readonly subnet: Subnet
  readonly allocation: AllocationPolicy
}

interface PoolWithSource {
  readonly pool: PoolAllocator
  readonly source: Source
}

interface Found {
  readonly grant: Grant | undefined
  /** To another client, a moment ago. */
  readonly isOffered: boolean
}

/** Nothing where there is no partner's part that could be entered: one round over the pools is enough. */
function ownPartFirst({ pool, source }: PoolWithSource): readonly PoolWithSource[] {
  const { subnet, allocation } = source
  if (allocation.kind !== 'own' || allocation.partnersPrefixesFrom === undefined) return []
  return [{ pool, source: { subnet, allocation: { ...allocation, partnersPrefixesFrom: undefined } } }]
}

class LeaseSearch {
  readonly #ia: RequestedIa
  readonly #kind: LeaseKind
  readonly #client: BindingClient
  readonly #context: RequestContext
  readonly #taken: TakenLeases
  readonly #sources: readonly Source[]
  #because = 'no pool of the link has a lease left that may be given'
  #rule = NO_LEASE_LEFT
  #poolCount = 0

  constructor(ia: RequestedIa, client: BindingClient, context: RequestContext, taken: TakenLeases) {
    this.#ia = ia
    this.#kind = leaseKindOf(ia)
    this.#client = client
    this.#context = context
    this.#taken = taken
    this.#sources = context.served.flatMap((subnet) => this.#sourceOf(subnet) ?? [])
  }

  run(): Grant | undefined {
    return this.#offered() ?? this.#former() ?? this.#hinted() ?? this.#fromPools()
  }

  failure(): Failure {
    const noPool = this.#sources.length > 0 && this.#poolCount === 0
    const subnetId = (this.#sources[0]?.subnet ?? this.#context.served[0])?.id ?? ''
    return noPool
      ? { because: `the link has no pool for a lease of kind ${this.#kind}`, rule: NO_LEASE_LEFT, subnetId }
      : { because: this.#because, rule: this.#rule, subnetId }
  }

  #sourceOf(subnet: Subnet): Source | undefined {
    const permission = this.#context.policy.mayAllocate(subnet.relationship)
    const allocation = this.#context.policy.allocation(subnet.relationship)
    if (!permission.ok) this.#failed(permission)
    else if (allocation.kind === 'none') this.#failed(allocation)
    else return { subnet, allocation }
    return undefined
  }

  #failed({ because, rule }: { readonly because: string; readonly rule: string }): void {
    this.#because = because
    this.#rule = rule
  }

  /** What was advertised to this IA a moment ago. */
  #offered(): Grant | undefined {
    const lease = this.#context.offers.to(this.#client, this.#context.now)
    return lease === undefined ? undefined : this.#tryNamed(lease)
  }

  /** What the IA had before, the last first. */
  #former(): Grant | undefined {
    const { duid, iaType, iaid } = this.#client
    const had = this.#context.table.ofClient(duid, iaType, iaid)
    for (const binding of had.toSorted((a, b) => b.statusSince - a.statusSince)) {
      const grant = this.#tryNamed(binding)
      if (grant !== undefined) return grant
    }
    return undefined
  }

  #hinted(): Grant | undefined {
    for (const lease of this.#ia.leases) {
      const grant = this.#tryNamed(lease)
      if (grant !== undefined) return grant
    }
    return undefined
  }

  #tryNamed(lease: NamedLease): Grant | undefined {
    if (lease.kind !== this.#kind) return undefined
    const pool = this.#context.pools.find(lease.kind, lease.prefix)
    const source = this.#sources.find(({ subnet }) => subnet.id === pool?.subnet.id)
    if (pool === undefined || source === undefined || lease.prefix.length !== pool.leaseLength) return undefined
    if (this.#isDraining(pool) || this.#isUnknown(pool, source)) return undefined
    const key = bindingKey(lease.kind, lease.prefix)
    // What is kept for this IA has been looked at already, and may not be given now.
    if (this.#context.pools.reservations.isKept(key)) return undefined
    const record = this.#context.table.get(key)
    if (!isOfOwnPart(lease, record, pool, source.allocation)) return undefined
    if (this.#taken.has(key) || this.#isOfferedToAnother(key) || !this.#mayReuse(record)) return undefined
    return this.#grant(lease, source.subnet, record)
  }

  /**
   * The own part of every pool before the partner's part of any (RFC 8156 section 8.4.1); leases under offer to others
   * only when there is nothing else: the first REQUEST gets them.
   */
  #fromPools(): Grant | undefined {
    const pools = this.#pools()
    let lastResort: Grant | undefined
    for (const round of [pools.flatMap(ownPartFirst), pools]) {
      for (const { pool, source } of round) {
        const found = this.#fromPool(pool, source)
        if (found?.isOffered === false) return found.grant
        lastResort ??= found?.grant
      }
    }
    return lastResort
  }

  #fromPool(pool: PoolAllocator, source: Source): Found | undefined {
    let lastResort: Found | undefined
    let examined = 0
    for (const { prefix, recorded } of pool.candidates(source.allocation, this.#context.now)) {
      examined += 1
      const key = bindingKey(this.#kind, prefix)
      const record = recorded ? this.#context.table.get(key) : undefined
      if (!this.#taken.has(key) && this.#mayReuse(record)) {
        const isOffered = this.#isOfferedToAnother(key)
        const grant = this.#grant({ kind: this.#kind, prefix }, source.subnet, record)
        if (!isOffered) return { grant, isOffered }
        lastResort ??= { grant, isOffered }
      }
      if (examined >= CANDIDATES_PER_POOL_MAX) break
    }
    return lastResort
  }

  #pools(): readonly PoolWithSource[] {
    const all = this.#sources.flatMap((source) =>
      this.#context.pools.ofSubnet(source.subnet.id, this.#kind).map((pool) => ({ pool, source })),
    )
    this.#poolCount += all.length
    const pools = all.filter(({ pool, source }) => !this.#isDraining(pool) && !this.#isUnknown(pool, source))
    const wanted = this.#ia.preferredLength
    if (wanted === undefined) return pools
    const fits = ({ pool }: PoolWithSource): boolean => pool.leaseLength === wanted
    return [...pools.filter(fits), ...pools.filter((entry) => !fits(entry))]
  }

  /** The reason, where nothing else is found. */
  #isDraining({ id }: PoolAllocator): boolean {
    const isDraining = this.#context.pools.drains.isDraining(id)
    if (isDraining) this.#failed(DRAINED)
    return isDraining
  }

  #isUnknown({ isShared }: PoolAllocator, { allocation }: Source): boolean {
    const why = isShared && allocation.kind === 'own' ? allocation.sharedUnknown : undefined
    if (why !== undefined) this.#failed(why)
    return why !== undefined
  }

  #isOfferedToAnother(key: BindingKey): boolean {
    return this.#context.offers.isForAnother(key, this.#client, this.#context.now)
  }

  #mayReuse(record: Binding | undefined): boolean {
    if (record === undefined) return true
    if (record.status === 'ABANDONED' && hasBug('declined-lease-given-again')) return true
    if (record.status === 'ACTIVE' || record.status === 'ABANDONED') return false
    const permission = this.#context.policy.mayReuse(record, this.#client, this.#context.now)
    if (!permission.ok) this.#failed(permission)
    return permission.ok
  }

  #grant(lease: NamedLease, subnet: Subnet, record: Binding | undefined): Grant | undefined {
    return grantLease(lease, this.#client, subnet, record, this.#context)
  }
}
