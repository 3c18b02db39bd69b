/** Who holds what among the simulated clients; sees a lease that is given twice, which no pair of servers may ever do. */

export interface HeldLease {
  /** An address, or a prefix with its length, as text. */
  readonly lease: string
  readonly client: string
  readonly untilMs: number
}

export interface DoubledLease {
  readonly lease: string
  readonly holder: string
  readonly alsoGivenTo: string
  readonly atMs: number
}

export class LeaseLedger {
  readonly #held = new Map<string, HeldLease>()
  readonly #doubled: DoubledLease[] = []

  /** The client was told that it may use the lease until then. */
  grant(lease: string, client: string, untilMs: number, nowMs: number): void {
    const holder = this.#held.get(lease)
    if (holder !== undefined && holder.client !== client && holder.untilMs > nowMs) {
      this.#doubled.push({ lease, holder: holder.client, alsoGivenTo: client, atMs: nowMs })
    }
    this.#held.set(lease, { lease, client, untilMs })
  }

  /** The client no longer uses it: released, expired or taken back. */
  drop(lease: string, client: string): void {
    if (this.#held.get(lease)?.client === client) this.#held.delete(lease)
  }

  get doubled(): readonly DoubledLease[] {
    return this.#doubled
  }

  held(nowMs: number): readonly HeldLease[] {
    return [...this.#held.values()].filter(({ untilMs }) => untilMs > nowMs)
  }
}
