/** Names, options and help of `tandem ctl compare-leases`. */
import type { Command } from 'commander'
import { UserError } from '../user-error.ts'
import { ask, asking } from './asking.ts'
import type { Flags } from './asking.ts'
import { compareTables } from './table-comparison.ts'

interface CompareLeasesFlags extends Flags {
  readonly last: boolean
  readonly detach: boolean
  readonly stop: boolean
  readonly repair: boolean
  readonly reason?: string
  readonly idempotencyKey?: string
}

export function addCompareLeases(ctl: Command): void {
  const what = 'compare all leases of a relationship with those of the partner; the exit code tells'
  asking(ctl, 'compare-leases <relationship>', what)
    .option('--last', 'show what the last comparison found, without a new one', false)
    .option('--detach', 'do not wait for the end', false)
    .option('--stop', 'stop the one that runs', false)
    .option('--repair', 'tell the partner again of what differs, as the last comparison found it', false)
    .option('--reason <text>', 'with --repair: why; goes to the audit of each lease')
    .option('--idempotency-key <key>', 'with --repair: to repeat the command safely in another call')
    .action(async (relationship: string, flags: CompareLeasesFlags) =>
      ask(flags, async ({ api, format }) => {
        const { last, detach, stop, repair, reason, idempotencyKey } = flags
        if ([last, detach, stop, repair].filter(Boolean).length > 1) {
          throw new UserError('--last, --detach, --stop and --repair exclude each other: leave out all but one.')
        }
        if (repair && reason === undefined) throw new UserError('--repair needs --reason: it goes to the audit.')
        const act = last ? 'last' : detach ? 'detach' : stop ? 'stop' : repair ? 'repair' : 'follow'
        return compareTables(api, relationship, { act, reason: reason ?? '', idempotencyKey }, format)
      }),
    )
}
