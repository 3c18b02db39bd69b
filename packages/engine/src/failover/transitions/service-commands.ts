/** What else an operator may command of a relationship, and when: hand over, take back, resync, rebalance (decision 0089). */
import type { Role } from '../../configuration/configuration.ts'
import type { ServiceCommand } from '../../events.ts'
import type { CommandAllowance } from '../../snapshot.ts'
import type { EndpointState, RecordedState } from '../endpoint-record.ts'

export interface ServiceSituation {
  readonly state: EndpointState
  readonly role: Role
  readonly communicationsOk: boolean
  readonly partnerState: RecordedState | undefined
  readonly handedOver: 'telling' | 'away' | undefined
  /** An UPDREQ or UPDREQALL of ours is not answered yet. */
  readonly isFetching: boolean
  /** At least one pool is proportional. */
  readonly sharesPools: boolean
}

export type ServiceAllowances = Readonly<Record<ServiceCommand['kind'], CommandAllowance>>

export function serviceAllowances(situation: ServiceSituation): ServiceAllowances {
  return {
    'hand-over': handOver(situation),
    'take-back': takeBack(situation),
    resync: resync(situation),
    rebalance: rebalance(situation),
  }
}

function handOver(situation: ServiceSituation): CommandAllowance {
  const { handedOver, partnerState } = situation
  if (handedOver !== undefined) return never('This server is handed over already.')
  if (!isNormal(situation)) {
    return never('Both servers have to be in NORMAL and in contact: only then is it known that the partner can serve.')
  }
  if (partnerState !== 'NORMAL') return never(`The partner is in ${partnerState ?? 'no known state'}, not in NORMAL.`)
  return always(
    'The partner is told everything and serves alone; this server answers nobody until it is taken back. Clients that ' +
      'this server gave a lease turn to the partner when they rebind.',
  )
}

function takeBack({ handedOver }: ServiceSituation): CommandAllowance {
  if (handedOver !== 'away') return never('This server is not handed over.')
  return always('This server looks for its partner, as after a start, and then serves again.')
}

function resync(situation: ServiceSituation): CommandAllowance {
  if (situation.isFetching) return never('The partner is being asked already.')
  if (!isNormal(situation)) return never('It takes a partner in contact, and both in NORMAL.')
  return always(
    'The partner sends every lease that it has. Clients are served meanwhile, and the newer record of a lease stays.',
  )
}

function rebalance(situation: ServiceSituation): CommandAllowance {
  const { role, sharesPools } = situation
  if (role === 'secondary') return never('Only the primary moves leases between the servers: command it there.')
  if (!sharesPools) return never('No pool of this relationship is shared out between the servers.')
  if (!isNormal(situation)) return never('It takes a partner in contact, and both in NORMAL.')
  return always('Free leases change sides until every pool is shared out as configured.')
}

function isNormal({ state, communicationsOk, handedOver }: ServiceSituation): boolean {
  return state === 'NORMAL' && communicationsOk && handedOver === undefined
}

function always(because: string): CommandAllowance {
  return { allowed: true, needsForce: false, because }
}

function never(because: string): CommandAllowance {
  return { allowed: false, because }
}
