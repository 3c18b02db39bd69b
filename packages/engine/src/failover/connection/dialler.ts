/** When to dial the partner: the primary keeps trying, less often after a refusal (RFC 8156 section 6.1). */
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import type { ConnectionPhase } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import { addSeconds, type Instant } from '../../time/instant.ts'

export class Dialler {
  readonly #relationship: RelationshipConfiguration
  #dialAt: Instant | undefined
  #isDialling = false
  #isHeld = false

  constructor(relationship: RelationshipConfiguration, startedAt: Instant) {
    this.#relationship = relationship
    this.dialAt(startedAt)
  }

  /** Undefined: not waiting to dial. */
  get dueAt(): Instant | undefined {
    return this.#isHeld ? undefined : this.#dialAt
  }

  /** No dial while this server keeps away from its partner. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  hold(): void {
    this.#isHeld = true
  }

  /** Dials at once. */
  release(now: Instant): void {
    this.#isHeld = false
    this.dialAt(now)
  }

  phase(): ConnectionPhase {
    if (this.#relationship.role === 'secondary') return 'listening'
    return this.#isDialling ? 'dialling' : 'waiting-to-dial'
  }

  dialAt(at: Instant): void {
    this.#isDialling = false
    this.#dialAt = this.#relationship.role === 'primary' ? at : undefined
  }

  retry(now: Instant, isRefused: boolean): void {
    const { reconnectSeconds, reconnectAfterRefusalSeconds } = this.#relationship
    this.dialAt(addSeconds(now, isRefused ? reconnectAfterRefusalSeconds : reconnectSeconds))
  }

  stop(): void {
    this.#isDialling = false
    this.#dialAt = undefined
  }

  /** True: a dial has just been asked for. */
  dialIfDue(step: Step): boolean {
    const dueAt = this.dueAt
    if (dueAt === undefined || dueAt > step.now) return false
    this.#isDialling = true
    this.#dialAt = undefined
    step.output({ kind: 'dial-stream', relationship: this.#relationship.name })
    return true
  }
}
