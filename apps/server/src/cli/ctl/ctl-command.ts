/** `tandem ctl`: names, options and help of the commands that speak to a running server over its API. */
import { failoverStates, leaseEventNames, leaseSorts, leaseStates } from '@tandem/api-contract'
import type { FailoverState, LeaseSort, LeaseState } from '@tandem/api-contract'
import { Option } from 'commander'
import type { Command } from 'commander'
import { UserError } from '../user-error.ts'
import { ask, asking, countOf, wholeNumberOf } from './asking.ts'
import type { Flags } from './asking.ts'
import { addBulkRelease } from './bulk-release-command.ts'
import { addChecks } from './checks.ts'
import { compareConfigurations } from './configuration.ts'
import { CONNECTION_HELP } from './connection.ts'
import { EXIT_CODES_HELP } from './exit-codes.ts'
import { commandLease, listLeases, showLease, showLeaseHistory, watchLeases } from './leases.ts'
import type { LeaseWish } from './leases.ts'
import { followLeaseEvents, showLeaseEvents } from './lease-events.ts'
import type { LeaseEventWish } from './lease-events.ts'
import { fitOf } from './lease-fits.ts'
import { leaseSearchOf, withLeaseSearch } from './lease-search-flags.ts'
import type { LeaseSearchFlags } from './lease-search-flags.ts'
import { declarePartnerDown } from './partner-down.ts'
import { commandPool, showPools, watchPools } from './pools.ts'
import type { PoolWish } from './pools.ts'
import { addCompareLeases } from './table-comparison-command.ts'
import { commandService, serviceCommandDescriptions } from './service-command.ts'
import type { ServiceCommandName } from './service-command.ts'
import { showStatus, watchStatus } from './status.ts'
import { addTimeline } from './timeline.ts'
import { showTransitions, watchTransitions } from './transitions.ts'
import { beginWebhook, createWebhook, listWebhooks, removeWebhook, testWebhook } from './webhooks.ts'
import type { WebhookWish } from './webhooks.ts'

const LIMIT_DEFAULT = '50'

/** To the command `ctl`, which is there without them so that other commands need not read all this. */
export function addCtlCommands(ctl: Command): void {
  ctl.enablePositionalOptions()
  addStatus(ctl)
  addPools(ctl)
  addLeases(ctl)
  addLeaseEvents(ctl)
  addWebhooks(ctl)
  addTransitions(ctl)
  addTimeline(ctl)
  addChecks(ctl)
  addPartnerDown(ctl)
  addCompareConfiguration(ctl)
  addCompareLeases(ctl)
  for (const name of ['hand-over', 'take-back', 'resync', 'rebalance'] as const) addServiceCommand(ctl, name)
  ctl.addHelpText('after', CONNECTION_HELP + EXIT_CODES_HELP)
}

function addStatus(ctl: Command): void {
  asking(ctl, 'status', 'how the server and its relationships are; the exit code tells')
    .option('-w, --watch', 'print it again whenever it changes', false)
    .action(async (flags: Flags & { watch: boolean }) =>
      ask(flags, async ({ api, connection, format }) =>
        flags.watch ? watchStatus(api, connection, format) : showStatus(api, format),
      ),
    )
}

function addPools(ctl: Command): void {
  const pools = asking(ctl, 'pools', 'how full the pools are; drain, stop-draining')
    .enablePositionalOptions()
    .option('--subnet <id>', 'only those of this subnet')
    .option('--relationship <name>', 'only those of this relationship')
    .addOption(new Option('--kind <kind>', 'only these').choices(['address', 'prefix']))
    .option('-w, --watch', 'print them again whenever they change', false)
    .action(async ({ subnet, relationship, kind, watch, ...flags }: Flags & PoolWish & { watch: boolean }) =>
      ask(flags, async ({ api, connection, format }) => {
        const wish = { subnet, relationship, kind }
        return watch ? watchPools(api, connection, wish, format) : showPools(api, wish, format)
      }),
    )
  const commands = [
    ['drain', 'drainPool', 'give nothing new from a pool and extend nothing of it, until that is stopped'],
    ['stop-draining', 'stopDraining', 'give leases from a drained pool again'],
  ] as const
  for (const [name, act, what] of commands) {
    asking(pools, `${name} <pool>`, what)
      .requiredOption('--reason <text>', 'why; goes to the audit')
      .option('--idempotency-key <key>', 'to repeat the command safely in another call')
      .action(async (pool: string, { reason, idempotencyKey, ...flags }: PoolCommandFlags) =>
        ask(flags, async ({ api, format }) => commandPool(act, api, { pool, reason, idempotencyKey }, format)),
      )
  }
}

type PoolCommandFlags = Flags & { readonly reason: string; readonly idempotencyKey?: string }

interface LeaseFlags extends Flags, LeaseSearchFlags {
  readonly state?: LeaseState
  readonly limit: string
  readonly all: boolean
  readonly sort: LeaseSort
  readonly compare: boolean
  readonly watch: boolean
}

function addLeases(ctl: Command): void {
  const leases = ctl
    .command('leases')
    .description('leases: list, show, history, reset, resend, release one or all that are found')
  withLeaseSearch(asking(leases, 'list', 'leases in the order of their addresses, or another'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(leaseStates))
    .option('--limit <number>', 'not more than so many', LIMIT_DEFAULT)
    .option('--all', 'all there are', false)
    .addOption(
      new Option('--sort <order>', 'by address, by when they changed, by when they end; -… the other way round')
        .choices(leaseSorts)
        .default('lease'),
    )
    .option('--compare', 'ask the partner whether it has the same records', false)
    .option('-w, --watch', 'print each lease that changes from now on, instead of a list', false)
    .action(async (flags: LeaseFlags) =>
      ask(flags, async ({ api, connection, format }) => {
        const wish: LeaseWish = { ...leaseSearchOf(flags), state: flags.state }
        if (flags.watch && flags.sort !== 'lease') throw new UserError('--sort is of a list: leave out --watch.')
        if (flags.watch && flags.compare) throw new UserError('--compare is of a list: leave out --watch.')
        if (flags.watch) return watchLeases(api, connection, fitOf(wish), format)
        const limit = flags.all ? undefined : countOf('--limit', flags.limit)
        return listLeases(api, wish, { limit, sort: flags.sort, compare: flags.compare }, format)
      }),
    )
  asking(leases, 'show <address>', 'one lease, and why its client may use it for so long').action(
    async (address: string, flags: Flags) => ask(flags, async ({ api, format }) => showLease(api, address, format)),
  )
  asking(leases, 'history <address>', 'changes of state or client of one lease, newest first').action(
    async (address: string, flags: Flags) =>
      ask(flags, async ({ api, format }) => showLeaseHistory(api, address, format)),
  )
  addLeaseCommands(leases)
  addBulkRelease(leases)
}

type LeaseCommandFlags = Flags & {
  readonly reason: string
  readonly ifMatch?: string
  readonly idempotencyKey?: string
}

function addLeaseCommands(leases: Command): void {
  const commands = [
    ['reset', 'resetLease', 'bring a quarantined lease back into use', 'how you know that nothing on the link uses it'],
    ['release', 'releaseLease', 'end a lease in use, whose client is gone', 'how you know that its client is gone'],
    [
      'resend',
      'resendLease',
      'tell the partner again of a lease of which it has another record',
      'why it is told again',
    ],
  ] as const
  for (const [name, act, what, reasonGiven] of commands) {
    asking(leases, `${name} <address>`, what)
      .requiredOption('--reason <text>', `${reasonGiven}; goes to the audit`)
      .option('--if-match <version>', 'only if it is still the version that you saw')
      .option('--idempotency-key <key>', 'to repeat the command safely in another call')
      .action(async (address: string, flags: LeaseCommandFlags) =>
        ask(flags, async ({ api, format }) => {
          const { reason, ifMatch, idempotencyKey } = flags
          return commandLease(act, api, { address, reason, ifMatch, idempotencyKey }, format)
        }),
      )
  }
}

interface LeaseEventFlags extends Flags, LeaseEventWish {
  readonly after?: string
  readonly limit: string
  readonly follow: boolean
}

function addLeaseEvents(ctl: Command): void {
  asking(ctl, 'lease-events', 'what this server did for clients, the oldest first')
    .option('--after <id>', 'those after this one; absent: from the oldest that is kept, or with --follow from now on')
    .option('--subnet <id>', 'only those of this subnet')
    .addOption(new Option('--kind <kind>', 'only these').choices(['address', 'prefix']))
    .addOption(new Option('--event <event>', 'only these').choices(leaseEventNames))
    .option('--limit <number>', 'not more than so many', LIMIT_DEFAULT)
    .option('-f, --follow', 'print each that comes, and none is left out', false)
    .action(async (flags: LeaseEventFlags) =>
      ask(flags, async ({ api, format }) => {
        const { after, subnet, kind, event } = flags
        const wish: LeaseEventWish = { subnet, kind, event }
        const timeoutSeconds = countOf('--timeout', flags.timeout)
        if (flags.follow) return followLeaseEvents(api, wish, after, { format, timeoutSeconds })
        return showLeaseEvents(api, { ...wish, after, limit: countOf('--limit', flags.limit) }, format)
      }),
    )
}

function addWebhooks(ctl: Command): void {
  const webhooks = ctl.command('webhooks').description('webhooks: list, create, test, begin, remove')
  asking(webhooks, 'list', 'where lease events are sent, and how far this server is with each').action(
    async (flags: Flags) => ask(flags, async ({ api, format }) => listWebhooks(api, format)),
  )
  asking(webhooks, 'create', 'have lease events sent to a URL by both servers; prints the secret, once')
    .requiredOption('--name <text>', 'what the receiver is')
    .requiredOption('--to <url>', 'its address: https, or http on this host')
    .option('--subnet <id...>', 'only those of these subnets')
    .addOption(new Option('--kind <kind>', 'only these').choices(['address', 'prefix']))
    .addOption(new Option('--event <event...>', 'only these').choices(leaseEventNames))
    .option('--oldest', 'begin with all events that are kept, not with those from now on', false)
    .option('--receiver-ca <file>', 'certificate of the authority that signed that of the receiver (PEM)')
    .action(async ({ to, ...flags }: Flags & Omit<WebhookWish, 'url'> & { to: string }) =>
      ask(flags, async ({ api, format }) => createWebhook(api, { ...flags, url: to }, format)),
    )
  asking(webhooks, 'test <id>', 'send a delivery without events now').action(async (id: string, flags: Flags) =>
    ask(flags, async ({ api, format }) => testWebhook(api, id, format)),
  )
  asking(webhooks, 'begin <id>', 'deliver from another position on, also where it was stopped; by this server')
    .requiredOption('--after <position>', 'present, oldest, or the id of an event')
    .action(async (id: string, { after, ...flags }: Flags & { after: string }) =>
      ask(flags, async ({ api, format }) => beginWebhook(api, id, after, format)),
    )
  asking(webhooks, 'remove <id>', 'send no more to it, from either server').action(async (id: string, flags: Flags) =>
    ask(flags, async ({ api, format }) => removeWebhook(api, id, format)),
  )
}

function addCompareConfiguration(ctl: Command): void {
  const what = 'where the configurations of the two servers differ; the exit code tells'
  asking(ctl, 'compare-configuration <relationship>', what).action(async (relationship: string, flags: Flags) =>
    ask(flags, async ({ api, format }) => compareConfigurations(api, relationship, format)),
  )
}

function addTransitions(ctl: Command): void {
  asking(ctl, 'transitions <relationship>', 'history of the states of a relationship, newest first')
    .option('--limit <number>', 'not more than so many', LIMIT_DEFAULT)
    .option('-w, --watch', 'print each that comes from now on, and none is left out', false)
    .option('--since <id>', 'with --watch: those after this one too')
    .action(async (relationship: string, flags: Flags & { limit: string; watch: boolean; since?: string }) =>
      ask(flags, async ({ api, connection, format }) => {
        const since = flags.since === undefined ? undefined : String(wholeNumberOf('--since', flags.since))
        return flags.watch
          ? watchTransitions(api, connection, relationship, since, format)
          : showTransitions(api, relationship, countOf('--limit', flags.limit), format)
      }),
    )
}

interface PartnerDownFlags extends Flags {
  readonly reason: string
  readonly force: boolean
  readonly downSince?: string
  readonly seenState?: FailoverState
  readonly idempotencyKey?: string
  readonly yes: boolean
  readonly check: boolean
}

interface ServiceFlags extends Flags {
  readonly reason: string
  readonly idempotencyKey?: string
  readonly check: boolean
}

function addServiceCommand(ctl: Command, name: ServiceCommandName): void {
  asking(ctl, `${name} <relationship>`, serviceCommandDescriptions[name])
    .requiredOption('--reason <text>', 'why; goes to the audit')
    .option('--idempotency-key <key>', 'to repeat the command safely in another call')
    .option('--check', 'only say whether it is allowed', false)
    .action(async (relationship: string, flags: ServiceFlags) =>
      ask(flags, async ({ api, format }) => {
        const { reason, check, idempotencyKey } = flags
        return commandService(api, name, { relationship, reason, check, idempotencyKey }, format)
      }),
    )
}

function addPartnerDown(ctl: Command): void {
  asking(ctl, 'partner-down <relationship>', 'declare that the partner does not run, and serve alone')
    .requiredOption('--reason <text>', 'why you are sure that the partner does not run; goes to the audit')
    .option('--force', 'although it is in contact, or although leases may be missing here', false)
    .option('--down-since <time>', 'since when it has not been running (ISO 8601): the waits count from then')
    .addOption(
      new Option('--seen-state <state>', 'the state on which you decided; absent: the present one').choices(
        failoverStates,
      ),
    )
    .option('--idempotency-key <key>', 'to repeat the command safely in another call')
    .option('-y, --yes', 'do not ask for the name of the partner', false)
    .option('--check', 'only say whether it is allowed', false)
    .action(async (relationship: string, flags: PartnerDownFlags) =>
      ask(flags, async ({ api, format }) => {
        const { reason, force, yes, check, seenState, idempotencyKey } = flags
        const downSince = flags.downSince === undefined ? undefined : timestampOf('--down-since', flags.downSince)
        const wish = { relationship, reason, force, downSince, seenState, idempotencyKey, yes, check }
        return declarePartnerDown(api, wish, format)
      }),
    )
}

function timestampOf(flag: string, text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime()))
    throw new UserError(`${flag} takes a time such as 2026-11-27T02:41:00Z, not "${text}".`)
  return at.toISOString()
}
