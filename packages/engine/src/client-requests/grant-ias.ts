/** A lease for every IA of a SOLICIT or REQUEST, or the reason why not (RFC 9915 §18.3.1, §18.3.2). */
import { StatusCode } from '@tandem/protocol'
import type { BindingClient } from '../bindings/binding.ts'
import type { AllocationFailed } from '../notices.ts'
import { refuseIa, type IaDecision } from './answer.ts'
import { chooseLeases, heldLeases, leaseKindOf } from './choose-lease.ts'
import type { IdentifiedRequest, RequestedIa } from './client-request.ts'
import type { RequestContext } from './request-context.ts'
import { TakenLeases } from './taken-leases.ts'

export function grantIas(
  request: IdentifiedRequest,
  ias: readonly RequestedIa[],
  context: RequestContext,
): readonly IaDecision[] {
  const taken = new TakenLeases(request.ias)
  return ias.map((ia) => grantIa(request, ia, context, taken))
}

function grantIa(request: IdentifiedRequest, ia: RequestedIa, context: RequestContext, taken: TakenLeases): IaDecision {
  const client = { duid: request.clientDuid, iaType: ia.iaType, iaid: ia.iaid }
  if (ia.iaType === 'IA_TA') return keepTemporary(ia, client, context)
  const choice = chooseLeases(ia, client, context, taken)
  if (choice.ok) return { ia, grants: choice.grants, withdrawn: [], status: undefined, failure: undefined }
  const failure: AllocationFailed = {
    kind: 'allocation-failed',
    leaseKind: leaseKindOf(ia),
    subnetId: choice.subnetId,
    clientDuid: request.clientDuid,
    reason: choice.because,
    rule: choice.rule,
    inputs: { iaType: ia.iaType, iaid: ia.iaid },
  }
  return ia.iaType === 'IA_PD'
    ? refuseIa(ia, StatusCode.NoPrefixAvail, 'no prefix is available', failure)
    : refuseIa(ia, StatusCode.NoAddrsAvail, 'no address is available', failure)
}

/** A partner may have given temporary addresses: they are served like any other lease, but never given anew here. */
function keepTemporary(ia: RequestedIa, client: BindingClient, context: RequestContext): IaDecision {
  const grants = heldLeases(client, context)
  if (grants.length > 0) return { ia, grants, withdrawn: [], status: undefined, failure: undefined }
  return refuseIa(ia, StatusCode.NoAddrsAvail, 'this server has no temporary addresses')
}
