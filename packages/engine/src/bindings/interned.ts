/** Small numbers for values of which many leases share few: names of subnets and relationships, rules of lifetimes. */

export class Interned<Value> {
  readonly #numbers = new Map<Value, number>()
  readonly #values: Value[] = []

  /** Never forgotten: there are as many as the configurations of a store's life had. */
  numberOf(value: Value): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    const number = this.#values.length
    this.#numbers.set(value, number)
    this.#values.push(value)
    return number
  }

  valueOf(number: number): Value | undefined {
    return this.#values[number]
  }
}
