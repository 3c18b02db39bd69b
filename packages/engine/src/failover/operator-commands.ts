/** Commands of operators: judged by the table, carried out, recorded and answered (RFC 8156 sections 8.8.2, 8.9.2, 8.11.2). */
import type { AuditRecord, CommandResult } from '../effects.ts'
import type { CommandReceived, DeclarePartnerDown } from '../events.ts'
import type { Step } from '../step.ts'
import type { Endpoints } from './endpoints.ts'
import { judgeDeclarePartnerDown } from './transitions/command-transitions.ts'

export function runCommand(step: Step, event: CommandReceived, endpoints: Endpoints): void {
  if (endpoints.isShuttingDown) {
    answer(step, event, refusal('shutting-down', 'The server is being shut down.'))
    return
  }
  switch (event.command.kind) {
    case 'declare-partner-down': {
      const result = declarePartnerDown(step, event, event.command, endpoints)
      audit(step, event, event.command, result)
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
  const communicationsOk = endpoint.communicationsOk()
  const isBlind = endpoint.blind !== undefined
  const verdict = judgeDeclarePartnerDown(command, { state: endpoint.state(), communicationsOk, isBlind })
  switch (verdict.kind) {
    case 'refuse':
      return verdict.result
    case 'nothing-to-do':
      return { ok: true, detail: verdict.detail }
    case 'go':
      endpoint.machine.declarePartnerDown(step, {
        cause: `Declared by ${event.operator}: ${command.reason}`,
        rule: verdict.rule,
        inputs: { communicationsOk, force: command.force },
        operator: event.operator,
      })
      return { ok: true, detail: 'The partner is declared down; this server serves alone.' }
  }
}

function audit(step: Step, event: CommandReceived, command: DeclarePartnerDown, result: CommandResult): void {
  const record: AuditRecord = {
    at: step.now,
    operator: event.operator,
    action: command.kind,
    target: command.relationship,
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
