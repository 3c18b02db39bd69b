/** Maintenance: the partner is told everything, then service is its alone until an operator takes it back (decision 0089). */
import { StatusCode } from '@tandem/protocol'
import type { RelationshipConfiguration } from '../configuration/configuration.ts'
import type { CommandResult } from '../effects.ts'
import type { Step } from '../step.ts'
import { addMs, addSeconds, isDue, type Instant } from '../time/instant.ts'
import type { PartnerLink } from './connection/partner-link.ts'
import type { EndpointMachine } from './endpoint-machine.ts'
import type { HandedOver } from './endpoint-record.ts'

/** Nobody is answered meanwhile: the partner answers a new client after the good-bye, within a second of its question. */
const TELLING_MS = 800

export interface HandOverHost {
  readonly relationship: RelationshipConfiguration
  readonly machine: EndpointMachine
  readonly link: PartnerLink
  /** This server hears no client, and keeps away for that (decision 0080). */
  isBlind(): boolean
  tellOwed(step: Step): void
  /** Bindings that the partner has not acknowledged. */
  owed(): number
}

export interface CommandedBy {
  readonly operator: string
  readonly reason: string
  /** Called once, when it is over or has failed. */
  readonly finished: (step: Step, result: CommandResult) => void
}

export type HandOverStage = 'telling' | 'away'

export class HandOver {
  readonly #host: HandOverHost
  #telling: (CommandedBy & { readonly leaveBy: Instant }) | undefined

  constructor(host: HandOverHost) {
    this.#host = host
    if (this.record === undefined) return
    host.machine.leave()
    host.link.stayAway()
  }

  /** Undefined: not handed over. */
  get record(): HandedOver | undefined {
    return this.#host.machine.record.handedOver
  }

  get stage(): HandOverStage | undefined {
    if (this.record !== undefined) return 'away'
    return this.#telling === undefined ? undefined : 'telling'
  }

  /** In a sentence, for the partner, its log and its console. */
  get because(): string {
    const { operator, reason } = this.record ?? { operator: '', reason: '' }
    return `The server is handed over for maintenance by ${operator}: ${reason}`
  }

  begin(step: Step, by: CommandedBy): void {
    this.#telling = { ...by, leaveBy: addMs(step.now, TELLING_MS) }
    this.#host.tellOwed(step)
    this.goOn(step)
  }

  /** Leaves as soon as the partner has acknowledged everything; where it does not in time, service goes on here. */
  goOn(step: Step): void {
    const telling = this.#telling
    if (telling === undefined) return
    const owed = this.#host.owed()
    const { machine } = this.#host
    if (machine.state !== 'NORMAL' || !machine.communicationsOk()) {
      this.#cancel(step, 'Contact with the partner was lost before it had been told everything.')
    } else if (owed === 0) this.#leave(step, telling)
    else if (isDue(telling.leaveBy, step.now)) {
      this.#cancel(step, `The partner has still to acknowledge ${owed} of its updates. Try again when it has.`)
    }
  }

  /** Whoever asked hears of it, and finds the server as it was when it is started again. */
  shutDown(step: Step): void {
    this.#cancel(step, 'The server was shut down before its partner had been told everything.')
  }

  takeBack(step: Step, operator: string, reason: string): void {
    const { machine, link } = this.#host
    machine.keep(step, { ...machine.record, handedOver: undefined })
    const cause = `Taken back by ${operator}: ${reason}`
    const facts = { ranUntil: step.now, lastCommitAt: machine.record.lastPromiseAt }
    // The partner may have been declared to serve alone meanwhile, so nobody is served before it was looked for.
    machine.beginAgain(step, facts, { cause, rule: 'RFC 8156 8.3', inputs: {}, operator })
    if (this.#host.isBlind()) return
    const { role, reconnectAfterRefusalSeconds } = this.#host.relationship
    // A primary that was refused tries again only so much later, and the secondary has to wait for it.
    machine.comeBack(role === 'secondary' ? addSeconds(step.now, reconnectAfterRefusalSeconds) : step.now)
    link.comeBack(step)
  }

  nextDeadline(): Instant | undefined {
    return this.#telling?.leaveBy
  }

  #leave(step: Step, { operator, reason, finished }: CommandedBy): void {
    this.#telling = undefined
    const { machine, link } = this.#host
    machine.keep(step, { ...machine.record, handedOver: { since: step.now, operator, reason } })
    machine.leave()
    link.leave(step, StatusCode.ServerShuttingDown, this.because)
    // Nothing is promised from here on, however long it lasts and whatever is started meanwhile.
    machine.keep(step, { ...machine.record, lastPromiseAt: step.now })
    finished(step, { ok: true, detail: 'The partner has been told everything and serves; this server answers nobody.' })
  }

  #cancel(step: Step, because: string): void {
    const finished = this.#telling?.finished
    this.#telling = undefined
    const detail = `${because} Nothing was handed over.`
    finished?.(step, { ok: false, refusal: 'partner-not-told', detail, currentState: this.#host.machine.state })
  }
}
