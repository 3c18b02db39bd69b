/** A recorded decision as the API shows it, from its row. */
import { decisionKinds } from '@tandem/api-contract'
import type { Decision } from '@tandem/api-contract'
import { countOf, duidOrNull, isoOf } from '../http/view-values.ts'
import type { DecisionRow } from '../storage/records.queries.ts'

export function toDecisionView(row: DecisionRow): Decision {
  const kind = decisionKinds.find((each) => each === row.kind)
  if (kind === undefined) throw new Error(`${row.kind} is no kind of decision`)
  const { relationship, subnetId, lease, messageType, reason, detail, rule } = row
  return {
    id: String(row.id),
    kind,
    firstAt: isoOf(Number(row.firstAt)),
    at: isoOf(Number(row.at)),
    count: countOf(row.count),
    relationship,
    subnetId,
    lease,
    clientDuid: duidOrNull(row.clientDuid),
    messageType,
    reason,
    detail,
    rule,
    // The contract's schema checks it once more before it leaves.
    inputs: JSON.parse(row.inputs) as Decision['inputs'],
    commitNumber: countOf(row.commitNumber),
  }
}
