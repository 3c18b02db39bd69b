/** A command that the engine refused, as the caller is told: its reason, and what to do about it. */
import type { CommandResult } from '@tandem/engine'
import { HttpProblem } from './http-problem.ts'
import { failoverStateOf } from './view-values.ts'

type Refused = Extract<CommandResult, { ok: false }>

const remedies: Readonly<Record<Refused['refusal'], string>> = {
  'unknown-relationship': 'Read /api/v1/relationships for those that there are.',
  'state-changed': 'Look at the relationship again, and decide again.',
  'state-does-not-allow': 'Wait until the state allows it; the relationship says what happens next.',
  'partner-in-contact': 'Stop the partner first. Only if you are sure that it serves nobody, send force: true.',
  'hears-no-client': 'Bring back a client listener. Only if you are sure that clients are heard, send force: true.',
  'leases-may-be-missing':
    'Bring the partner back. Send force: true only if the detail does not apply, as you know: the pair never served, the ' +
    'partner did not serve alone since it was last heard; or if the partner is lost for good.',
  'down-since-impossible': 'Give a later time, or leave downSince out: the waits then count from now.',
  'unknown-lease': 'Read /api/v1/leases for those that there are; a prefix is written with its length, 2001:db8::-56.',
  'unknown-pool': 'Read /api/v1/pools for those that there are.',
  'lease-not-quarantined': 'Only a lease that is abandoned can be reset; look at it again.',
  'lease-not-active': 'Only a lease that is active can be released; look at it again.',
  'lease-not-shared': 'Only a lease that both servers have to know of can be told again.',
  'client-just-heard': 'Release it when its client has not been heard for a while.',
  'shutting-down': 'Start the server again.',
  'partner-not-told': 'Wait until fewer updates are owed, and command it again.',
}

/** The part of the request that another value would have helped. */
const fields: Readonly<Partial<Record<Refused['refusal'], string>>> = {
  'unknown-relationship': 'params.name',
  'state-changed': 'body.seenState',
  'partner-in-contact': 'body.force',
  'hears-no-client': 'body.force',
  'leases-may-be-missing': 'body.force',
  'down-since-impossible': 'body.downSince',
  'unknown-lease': 'params.address',
  'unknown-pool': 'params.pool',
  'lease-not-quarantined': 'params.address',
  'lease-not-active': 'params.address',
  'lease-not-shared': 'params.address',
  'client-just-heard': 'params.address',
}

export function commandRefusal({ refusal: why, detail, currentState }: Refused): HttpProblem {
  return new HttpProblem('refused', {
    detail,
    remedy: remedies[why],
    refusal: why,
    ...(fields[why] === undefined ? {} : { fields: [{ field: fields[why], message: detail }] }),
    ...(currentState === undefined ? {} : { currentState: failoverStateOf(currentState) }),
  })
}
