/** One endpoint as status pages see it: state, partner, connection, what happens next and what may be commanded. */
import type { ArmedDeadline, RelationshipSnapshot } from '../snapshot.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { commandSituation, serviceSituation } from './command-situation.ts'
import { answersOf } from './endpoint-policy.ts'
import type { RelationshipEndpoint } from './relationship-endpoint.ts'
import { allowanceOf } from './transitions/command-transitions.ts'
import { serviceAllowances } from './transitions/service-commands.ts'

export function snapshotOf(endpoint: RelationshipEndpoint, now: Instant): RelationshipSnapshot {
  const { link, machine, relationship } = endpoint
  const { record } = machine
  const updates = endpoint.updates.status()
  return {
    name: relationship.name,
    role: relationship.role,
    partnerName: relationship.partnerName,
    state: machine.state,
    stateSince: machine.stateSince,
    previousState: machine.state === 'STARTUP' ? record.state : record.previousState,
    partnerDownSince: endpoint.partnerDownSince(),
    answers: answersOf(endpoint),
    activeStandby: relationship.activeStandby,
    blind: endpoint.blind,
    handedOver: endpoint.handOver.record,
    partner: record.partner,
    communicationsOk: endpoint.communicationsOk(),
    lastHeardFromPartnerAt: link.lastHeardAt,
    connection: link.view(),
    partnerInformed: link.connection?.stateSent === true,
    clockSkewMs: link.clockSkewMs,
    unansweredClients: endpoint.unansweredClients.snapshot(),
    mcltSeconds: endpoint.mcltSeconds(),
    updatesOwed: updates.owed,
    oldestUpdateOwedSince: updates.oldestOwedSince,
    updatesUnacked: updates.unacked,
    partnerMaxUnackedUpdates: link.connection?.offer?.maxUnackedUpdates,
    resync: updates.resync,
    imbalances: endpoint.updates.imbalances(),
    deadlines: endpoint.isShuttingDown ? [] : deadlinesOf(endpoint, now),
    commands: commandsOf(endpoint),
  }
}

function commandsOf(endpoint: RelationshipEndpoint): RelationshipSnapshot['commands'] {
  if (endpoint.isShuttingDown) {
    const no = { allowed: false, because: 'The server is being shut down.' } as const
    return { declarePartnerDown: no, handOver: no, takeBack: no, resync: no, rebalance: no }
  }
  const service = serviceAllowances(serviceSituation(endpoint))
  return {
    declarePartnerDown: allowanceOf(commandSituation(endpoint)),
    handOver: service['hand-over'],
    takeBack: service['take-back'],
    resync: service.resync,
    rebalance: service.rebalance,
  }
}

function deadlinesOf(endpoint: RelationshipEndpoint, now: Instant): readonly ArmedDeadline[] {
  const since = endpoint.partnerDownSince()
  const poolUsableAt = since === undefined ? undefined : addSeconds(since, endpoint.mcltSeconds())
  const all: readonly { readonly kind: ArmedDeadline['kind']; readonly at: Instant | undefined }[] = [
    { kind: 'startup-ends', at: endpoint.machine.startupEndsAt() },
    { kind: 'recover-wait-ends', at: endpoint.machine.recoverWaitEndsAt() },
    { kind: 'auto-partner-down', at: endpoint.machine.autoPartnerDownAt() },
    { kind: 'redial', at: endpoint.link.redialAt },
    { kind: 'partner-pool-usable', at: poolUsableAt !== undefined && poolUsableAt > now ? poolUsableAt : undefined },
    { kind: 'upddone-stall', at: endpoint.upddoneStallAt() },
    { kind: 'acknowledgement-stall', at: endpoint.acknowledgementStallAt() },
  ]
  return all.flatMap(({ kind, at }) => (at === undefined ? [] : [{ kind, at }]))
}
