/** An audit entry as the API shows it. */
import type { AuditEntry } from '@tandem/api-contract'
import { isoOf } from '../http/view-values.ts'
import type { AuditRow } from '../storage/audit.queries.ts'

export function toAuditView({ id, at, outcome, ...rest }: AuditRow): AuditEntry {
  const { operator, action, target, reason, commandId, detail } = rest
  return {
    id: String(id),
    at: isoOf(Number(at)),
    operator,
    action,
    target,
    reason,
    commandId,
    outcome: outcome === 'done' ? 'done' : 'refused',
    detail,
  }
}
