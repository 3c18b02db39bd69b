/** PARTNER-DOWN: ended leases become available without an acknowledgement, once MCLT has passed (RFC 8156 sections 7.2 and 8.4.1). */
import type { Binding } from '../../bindings/binding.ts'
import type { Step } from '../../step.ts'
import { addSeconds, latest, type Instant } from '../../time/instant.ts'
import type { UpdatesHost } from '../endpoint.ts'
import { isEnded, madeAvailable } from './available-status.ts'

/** Both bound one step: with a partner down for long, every lease is owed to it. */
const FREED_PER_STEP_MAX = 256
const EXAMINED_PER_STEP_MAX = 8192

/** One walk over what is owed after another, each in as many steps as it takes. */
export class FreedWithoutPartner {
  readonly #host: UpdatesHost
  #walk: Generator<number> | undefined

  constructor(host: UpdatesHost) {
    this.#host = host
  }

  /** True: the walk goes on in the next step. */
  run(step: Step): boolean {
    const since = this.#host.partnerDownSince()
    if (since === undefined) return false
    const due = this.#nextDue(since, step.now)
    // Still owed: the partner has to hear of it when it is back.
    for (const binding of due) {
      const isShared = this.#host.pools.isShared(binding.kind, binding.prefix)
      step.changeBinding({ ...madeAvailable(binding, isShared), statusSince: step.now }, 'expiry')
    }
    return this.#walk !== undefined
  }

  /** The next state begins with a walk of its own. */
  stop(): void {
    this.#walk?.return(undefined)
    this.#walk = undefined
  }

  #nextDue(since: Instant, now: Instant): readonly Binding[] {
    const { table, relationship } = this.#host
    const walk = (this.#walk ??= table.owedSlots(relationship.name))
    const mcltSeconds = this.#host.mcltSeconds()
    const due: Binding[] = []
    for (let examined = 0; examined < EXAMINED_PER_STEP_MAX && due.length < FREED_PER_STEP_MAX; examined += 1) {
      const next = walk.next()
      if (next.done === true) {
        this.#walk = undefined
        break
      }
      // Most of what is owed is in use, and no record of it has to be made.
      if (!isEnded(table.statusAt(next.value))) continue
      const binding = table.at(next.value)
      if (freeFrom(binding, since, mcltSeconds) <= now) due.push(binding)
    }
    return due
  }
}

/** The latest of all promises and of the two beginnings, and MCLT beyond (digest section 9, A8). */
function freeFrom(binding: Binding, partnerDownSince: Instant, mcltSeconds: number): Instant {
  const { statusSince, statusExpiresAt, partnerLifetime, ackedPartnerLifetime, expirationTime } = binding
  const last = latest(
    statusSince,
    partnerDownSince,
    statusExpiresAt,
    partnerLifetime,
    ackedPartnerLifetime,
    expirationTime,
  )
  return addSeconds(last, mcltSeconds)
}
