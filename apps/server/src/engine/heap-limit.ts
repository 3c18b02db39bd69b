/** How much memory the thread with the leases may use: without a word Node stops it at two or four gigabytes, whatever the machine has. */

/** The rest is for the other threads, the database's pages and the system. */
const PART_OF_MEMORY = 0.75

/**
 * In megabytes, for `resourceLimits`. `constrainedOctets`: what the system allows this process, as
 * `process.constrainedMemory()` tells it; zero or more than there is means no limit.
 */
export function heapLimitMegabytes(totalOctets: number, constrainedOctets: number): number {
  const allowed = constrainedOctets > 0 ? Math.min(constrainedOctets, totalOctets) : totalOctets
  return Math.floor((PART_OF_MEMORY * allowed) / 2 ** 20)
}
