/** Which leases are not there for an IA of a message because of the other IAs in it. */
import { bindingKey, type BindingClient, type BindingKey } from '../bindings/binding.ts'
import type { NamedLease, RequestedIa } from './client-request.ts'

export class TakenLeases {
  readonly #given = new Set<BindingKey>()
  readonly #ias: readonly RequestedIa[]

  /** `ias`: all of the message. */
  constructor(ias: readonly RequestedIa[]) {
    this.#ias = ias
  }

  add({ kind, prefix }: NamedLease): void {
    this.#given.add(bindingKey(kind, prefix))
  }

  /** Another IA of this message has got it. */
  has(key: BindingKey): boolean {
    return this.#given.has(key)
  }

  /** The client names it in another IA of this type and not in this one: the partner may have given it to that one. */
  isNamedInAnother(key: BindingKey, { iaType, iaid }: BindingClient): boolean {
    const naming = this.#ias.filter((ia) => {
      return ia.iaType === iaType && ia.leases.some(({ kind, prefix }) => bindingKey(kind, prefix) === key)
    })
    return naming.length > 0 && naming.every((ia) => ia.iaid !== iaid)
  }
}
