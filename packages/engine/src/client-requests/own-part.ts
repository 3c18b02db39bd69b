/** Whether a lease that is asked for by name is this server's to give (RFC 8156 sections 4.2.1, 4.2.2 and 4.2.2.1). */
import type { PoolAllocator } from '../allocation/pools.ts'
import type { Binding } from '../bindings/binding.ts'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import type { NamedLease } from './client-request.ts'

/**
 * The partner's part is never entered for a lease that a client merely names. A lease that has ended but is not yet
 * available is in nobody's part (RFC 8156 section 4.2.2.1): there the service policy alone decides.
 */
export function isOfOwnPart(
  lease: NamedLease,
  record: Binding | undefined,
  pool: PoolAllocator,
  allocation: AllocationPolicy,
): boolean {
  if (allocation.kind === 'none') return false
  const owner = pool.ownerOf(lease.prefix)
  if (allocation.kind === 'whole-pool' ? owner !== undefined : owner === allocation.role) return true
  return record?.status === 'EXPIRED' || record?.status === 'RELEASED' || record?.status === 'RESET'
}
