/** What a handler of a client message decides; nothing has happened yet when it returns. */
import type { Options, Status } from '@tandem/protocol'
import type { Binding, BindingClient } from '../bindings/binding.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { LifetimeDecision } from '../failover/service-policy.ts'
import type { AllocationFailed, DecisionInputs, NoAnswerReason } from '../notices.ts'
import type { NamedLease, RequestedIa } from './client-request.ts'

export interface Answered {
  readonly kind: 'answered'
  readonly type: 2 | 7
  /** After the two identifiers, which every answer has. */
  readonly options: Options
  /** Bindings to be durable before the answer leaves. */
  readonly changes: readonly Binding[]
  readonly offered: readonly Grant[]
  /** What was granted and why for so long. */
  readonly granted: readonly Grant[]
  readonly failures: readonly AllocationFailed[]
}

export interface Silent {
  readonly kind: 'silent'
  readonly reason: NoAnswerReason
  readonly detail: string
  readonly because: SilenceInputs
}

/** What the silence came from, where more is known than the reason. */
export interface SilenceInputs {
  readonly relationship?: string | undefined
  /** Instead of the section that the reason has by itself. */
  readonly rule?: string | undefined
  readonly inputs?: DecisionInputs
}

export type Answer = Answered | Silent

export function silent(reason: NoAnswerReason, detail: string, because: SilenceInputs = {}): Silent {
  return { kind: 'silent', reason, detail, because }
}

/** A lease that an IA gets, or keeps, for so long. */
export interface Grant {
  readonly lease: NamedLease
  readonly client: BindingClient
  readonly subnet: Subnet
  readonly previous: Binding | undefined
  readonly preferredSeconds: number
  readonly lifetime: LifetimeDecision
  /** Its pool is being drained: the client keeps what it was promised, and gets no more (decision 0117). */
  readonly isDrained: boolean
}

/** The answer to one IA. */
export interface IaDecision {
  readonly ia: RequestedIa
  readonly grants: readonly Grant[]
  /** Leases that the client must stop using: told with lifetimes of zero. */
  readonly withdrawn: readonly NamedLease[]
  /** Records of leases that the client has shown not to use any more. */
  readonly givenBack?: readonly Binding[]
  readonly status: Status | undefined
  readonly failure: AllocationFailed | undefined
}

export function refuseIa(ia: RequestedIa, code: number, message: string, failure?: AllocationFailed): IaDecision {
  return { ia, grants: [], withdrawn: [], status: { code, message }, failure }
}
