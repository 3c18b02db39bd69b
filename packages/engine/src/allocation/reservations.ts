/** Which leases are kept for which client (docs/decisions/0075; RFC 8156 says nothing of reservations). */
import { hasBug } from '../deliberate-bug.ts'
import { prefixContainsPrefix } from '@tandem/protocol'
import { bindingKey, type BindingClient, type BindingKey, type IaType } from '../bindings/binding.ts'
import type { Reservation, Subnet } from '../configuration/configuration.ts'

export interface PlacedReservation extends Reservation {
  readonly key: BindingKey
  readonly subnet: Subnet
}

export class Reservations {
  readonly #byLease = new Map<BindingKey, PlacedReservation>()
  readonly #byDuid = new Map<string, PlacedReservation[]>()

  constructor(subnets: readonly Subnet[]) {
    for (const subnet of subnets) {
      for (const reservation of subnet.reservations) {
        const key = bindingKey(reservation.kind, reservation.prefix)
        const placed = { ...reservation, key, subnet }
        this.#byLease.set(key, placed)
        const ofDuid = this.#byDuid.get(reservation.duid)
        if (ofDuid === undefined) this.#byDuid.set(reservation.duid, [placed])
        else ofDuid.push(placed)
      }
    }
  }

  get(key: BindingKey): PlacedReservation | undefined {
    return this.#byLease.get(key)
  }

  ofRelationship(name: string): readonly PlacedReservation[] {
    return [...this.#byLease.values()].filter(({ subnet }) => subnet.relationship === name)
  }

  /** For whomever. */
  isKept(key: BindingKey): boolean {
    return this.#byLease.has(key) && !hasBug('reservation-ignored')
  }

  /** Kept, and not for this IA of this client. */
  isForAnother(key: BindingKey, client: BindingClient): boolean {
    const reservation = this.#byLease.get(key)
    return reservation !== undefined && !isFor(reservation, client) && !hasBug('reservation-ignored')
  }

  /** What is kept for this IA, in the order of the configuration. */
  of(client: BindingClient): readonly PlacedReservation[] {
    return (this.#byDuid.get(client.duid) ?? []).filter((reservation) => isFor(reservation, client))
  }
}

const iaTypeOf: Readonly<Record<Reservation['kind'], IaType>> = { address: 'IA_NA', prefix: 'IA_PD' }

function isFor({ duid, iaid, kind }: Reservation, client: BindingClient): boolean {
  return duid === client.duid && iaTypeOf[kind] === client.iaType && (iaid === undefined || iaid === client.iaid)
}

/** Reserved leases of the subnet that lie in none of its pools. */
export function outsideOfPools(subnet: Subnet): readonly Reservation[] {
  return subnet.reservations.filter(({ kind, prefix }) =>
    kind === 'address'
      ? !subnet.addressPools.some(({ first, last }) => first <= prefix.address && prefix.address <= last)
      : !subnet.prefixPools.some((pool) => prefixContainsPrefix(pool.prefix, prefix)),
  )
}
