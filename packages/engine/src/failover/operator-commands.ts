/** Commands of operators: judged by the table, carried out, recorded and answered (RFC 8156 sections 8.8.2, 8.9.2, 8.11.2). */
import type { AuditRecord, CommandResult } from '../effects.ts'
import type { PoolDrains } from '../allocation/pool-drains.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import { leaseText } from '../bindings/lease-text.ts'
import type { CommandReceived, DeclarePartnerDown, LeaseCommand, PoolCommand, ServiceCommand } from '../events.ts'
import type { Step } from '../step.ts'
import { commandSituation, serviceSituation } from './command-situation.ts'
import type { Why } from './machine-host.ts'
import type { Endpoints } from './endpoints.ts'
import { commandLease } from './lease-commands.ts'
import { commandPool } from './pool-commands.ts'
import type { RelationshipEndpoint } from './relationship-endpoint.ts'
import { judgeDeclarePartnerDown } from './transitions/command-transitions.ts'
import { serviceAllowances } from './transitions/service-commands.ts'

export interface Commanded {
  readonly endpoints: Endpoints
  readonly table: BindingTable
  readonly drains: PoolDrains
}

export function runCommand(step: Step, event: CommandReceived, { endpoints, table, drains }: Commanded): void {
  if (endpoints.isShuttingDown) {
    answer(step, event, refusal('shutting-down', 'The server is being shut down.'))
    return
  }
  switch (event.command.kind) {
    case 'declare-partner-down': {
      const result = declarePartnerDown(step, event, event.command, endpoints)
      audit(step, event, event.command, event.command.relationship, result)
      answer(step, event, result)
      break
    }
    case 'hand-over':
    case 'take-back':
    case 'resync':
    case 'rebalance':
      commandService(step, event, event.command, endpoints)
      break
    case 'reset-lease':
    case 'release-lease':
    case 'resend-lease': {
      const result = commandLease(step, event.command, { endpoints, table })
      audit(step, event, event.command, leaseText({ ...event.command, kind: event.command.leaseKind }), result)
      answer(step, event, result)
      break
    }
    case 'drain-pool':
    case 'stop-draining': {
      const result = commandPool(step, event.operator, event.command, drains)
      audit(step, event, event.command, event.command.pool, result)
      answer(step, event, result)
      break
    }
    case 'shut-down':
      endpoints.beginShutDown(step, event)
      break
  }
}

function declarePartnerDown(
  step: Step,
  event: CommandReceived,
  command: DeclarePartnerDown,
  endpoints: Endpoints,
): CommandResult {
  const endpoint = endpoints.get(command.relationship)
  if (endpoint === undefined)
    return refusal('unknown-relationship', `There is no relationship ${command.relationship}.`)
  const bounds = { lastHeardFromPartnerAt: endpoint.link.lastHeardAt, now: step.now }
  const verdict = judgeDeclarePartnerDown(command, commandSituation(endpoint), bounds)
  switch (verdict.kind) {
    case 'refuse':
      return verdict.result
    case 'nothing-to-do':
      return { ok: true, detail: verdict.detail }
    case 'go':
      return carryOutDeclaration(step, event, command, endpoint, verdict.rule)
  }
}

/** What is decided only later, as a hand-over is, is also recorded and answered then. */
function commandService(step: Step, event: CommandReceived, command: ServiceCommand, endpoints: Endpoints): void {
  const finished = (at: Step, result: CommandResult): void => {
    audit(at, event, command, command.relationship, result)
    answer(at, event, result)
  }
  const endpoint = endpoints.get(command.relationship)
  if (endpoint === undefined) {
    finished(step, refusal('unknown-relationship', `There is no relationship ${command.relationship}.`))
    return
  }
  const allowance = serviceAllowances(serviceSituation(endpoint))[command.kind]
  if (!allowance.allowed) {
    const currentState = endpoint.state()
    finished(step, { ok: false, refusal: 'state-does-not-allow', detail: allowance.because, currentState })
    return
  }
  const { operator } = event
  const { reason } = command
  switch (command.kind) {
    case 'hand-over':
      endpoint.handOver.begin(step, { operator, reason, finished })
      break
    case 'take-back':
      endpoint.handOver.takeBack(step, operator, reason)
      finished(step, { ok: true, detail: 'This server looks for its partner, and then serves again.' })
      break
    case 'resync':
      // Owed until UPDDONE: after a loss of contact it is asked for anew.
      endpoint.machine.keep(step, { ...endpoint.machine.record, fullResyncOwed: true })
      endpoint.machine.requestUpdates(step)
      finished(step, { ok: true, detail: 'The partner has been asked for every lease that it has.' })
      break
    case 'rebalance':
      finished(step, { ok: true, detail: rebalance(step, endpoint) })
      break
  }
}

function rebalance(step: Step, endpoint: RelationshipEndpoint): string {
  const imbalances = endpoint.updates.imbalances() ?? []
  if (imbalances.length === 0) return 'Every pool is shared out as configured already.'
  endpoint.updates.rebalance(step)
  const leases = imbalances.reduce((sum, each) => sum + each.leases, 0n)
  return leases === 1n ? 'One free lease changes sides.' : `${leases} free leases change sides.`
}

function carryOutDeclaration(
  step: Step,
  event: CommandReceived,
  { reason, force, downSince }: DeclarePartnerDown,
  endpoint: RelationshipEndpoint,
  rule: string,
): CommandResult {
  const why: Why = {
    cause: `Declared by ${event.operator}: ${reason}`,
    rule,
    inputs: {
      communicationsOk: endpoint.communicationsOk(),
      force,
      ...(downSince === undefined ? {} : { downSince }),
    },
    operator: event.operator,
  }
  endpoint.machine.declarePartnerDown(step, why, downSince)
  const detail = 'The partner is declared down; this server serves alone.'
  if (downSince === undefined) return { ok: true, detail }
  const seconds = Math.round((step.now - downSince) / 1000)
  return { ok: true, detail: `${detail} It has not been running for ${seconds} s, and the waits count from then.` }
}

function audit(
  step: Step,
  event: CommandReceived,
  command: DeclarePartnerDown | LeaseCommand | PoolCommand | ServiceCommand,
  target: string,
  result: CommandResult,
): void {
  const record: AuditRecord = {
    at: step.now,
    operator: event.operator,
    action: command.kind,
    target,
    reason: command.reason,
    commandId: event.commandId,
    outcome: result.ok ? 'done' : 'refused',
    detail: result.detail,
  }
  step.addRecord({ kind: 'audit-added', audit: record })
}

function answer(step: Step, event: CommandReceived, result: CommandResult): void {
  step.output({ kind: 'command-answered', commandId: event.commandId, result })
}

function refusal(kind: 'unknown-relationship' | 'shutting-down', detail: string): CommandResult {
  return { ok: false, refusal: kind, detail, currentState: undefined }
}
