/** Names, options and help of the commands about bulk releases. */
import { BULK_RELEASE_LEASES_MAX } from '@tandem/api-contract'
import type { Command } from 'commander'
import { ask, asking, countOf } from './asking.ts'
import type { Flags } from './asking.ts'
import { cancelRelease, followRelease, listReleases, releaseFound } from './bulk-release.ts'
import { leaseSearchOf, withLeaseSearch } from './lease-search-flags.ts'
import type { LeaseSearchFlags } from './lease-search-flags.ts'

interface ReleaseFoundFlags extends Flags, LeaseSearchFlags {
  readonly reason: string
  readonly expect?: string
  readonly yes: boolean
  readonly check: boolean
  readonly detach: boolean
  readonly idempotencyKey?: string
}

/** To the command `leases`. */
export function addBulkRelease(leases: Command): void {
  const what = `end all leases in use that a search finds, ${BULK_RELEASE_LEASES_MAX} at most, whose clients are gone`
  withLeaseSearch(asking(leases, 'release-found', what))
    .requiredOption('--reason <text>', 'how you know that their clients are gone; goes to the audit')
    .option('--expect <count>', 'do not ask; refuse if more would be released than so many')
    .option('-y, --yes', 'do not ask; release as many as are found', false)
    .option('--check', 'only count them, and say which would be left alone', false)
    .option('--detach', 'do not wait for the end', false)
    .option('--idempotency-key <key>', 'to repeat the command safely in another call')
    .action(async (flags: ReleaseFoundFlags) =>
      ask(flags, async ({ api, format }) => {
        const { reason, yes, check, detach, idempotencyKey } = flags
        const expected = flags.expect === undefined ? undefined : String(countOf('--expect', flags.expect))
        const filter = leaseSearchOf(flags)
        return releaseFound(api, { filter, reason, expected, yes, check, detach, idempotencyKey }, format)
      }),
    )
  asking(leases, 'releases', 'the last bulk releases, newest first').action(async (flags: Flags) =>
    ask(flags, async ({ api, format }) => listReleases(api, format)),
  )
  asking(leases, 'follow-release <id>', 'how far a bulk release is, until it has ended').action(
    async (id: string, flags: Flags) => ask(flags, async ({ api, format }) => followRelease(api, id, format)),
  )
  asking(leases, 'cancel-release <id>', 'stop a bulk release; what was released stays released').action(
    async (id: string, flags: Flags) => ask(flags, async ({ api, format }) => cancelRelease(api, id, format)),
  )
}
