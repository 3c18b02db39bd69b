/** How many connections each partner has open: one that opens too many takes nothing from the others (RFC 8156 sections 6.2 and 10). */

/** A partner has one connection for each relationship and, while it reconnects, perhaps a second one. */
const OPEN_PER_PEER_AND_RELATIONSHIP_MAX = 8

export class ConnectionsOfPeers {
  readonly #open = new Map<string, number>()
  readonly #relationshipsOf: ReadonlyMap<string, number>

  /** The partner's address of each relationship, in one way of writing. */
  constructor(partnerAddresses: readonly string[]) {
    const counts = new Map<string, number>()
    for (const address of partnerAddresses) counts.set(address, (counts.get(address) ?? 0) + 1)
    this.#relationshipsOf = counts
  }

  /** Why this peer gets no further connection; undefined: it has one more from now on. */
  open(address: string): string | undefined {
    const relationships = this.#relationshipsOf.get(address)
    if (relationships === undefined) return 'it is no configured partner'
    const open = this.#open.get(address) ?? 0
    if (open >= relationships * OPEN_PER_PEER_AND_RELATIONSHIP_MAX) return `it has ${open} connections open already`
    this.#open.set(address, open + 1)
    return undefined
  }

  closed(address: string): void {
    this.#open.set(address, (this.#open.get(address) ?? 1) - 1)
  }
}
