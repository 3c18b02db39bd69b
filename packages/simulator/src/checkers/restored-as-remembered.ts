/** A server that restarts knows what it knew, less what it had not told anyone (architecture, section 8). */
import { createEngine, keyOf, leaseText, type Binding, type EndpointRecord, type Remembered } from '@tandem/engine'
import { defineChecker, roleOf } from './checker.ts'

export const restoredAsRemembered = defineChecker({
  name: 'restored-as-remembered',
  property: 'What a server restores from its disk is what it had in memory when it last released something.',
  watch: ({ world, report }) => ({
    stopped(server, _how, engine, isCommitting) {
      // What is being written was told to nobody.
      if (isCommitting) return
      const process = world.server(roleOf(server))
      const stored = process.store.restored()
      // A start may have moved leases into another pool or relationship, in memory only; the next one does the same.
      const restored = createEngine(process.configuration, stored, process.now()).remembered()
      for (const difference of differences(engine.remembered(), { ...stored, bindings: restored.bindings })) {
        report(`${server} ${difference}`)
      }
    },
  }),
})

/** Every field of every lease, what is owed among them, and of the endpoint. */
function* differences(remembered: Remembered, stored: Remembered): Generator<string> {
  const found = new Map([...stored.bindings].map((binding) => [keyOf(binding), binding]))
  for (const binding of remembered.bindings) {
    const other = found.get(keyOf(binding))
    found.delete(keyOf(binding))
    if (!isEqual(binding, other)) yield `${leaseText(binding)}: ${fieldsThatDiffer(binding, other)}`
  }
  for (const binding of found.values()) yield `${leaseText(binding)}: restored, and not remembered`
  for (const endpoint of remembered.endpoints) {
    const other = stored.endpoints.find(({ relationship }) => relationship === endpoint.relationship)
    if (!isEqual(endpoint, other)) yield `endpoint: ${fieldsThatDiffer(endpoint, other)}`
  }
  for (const record of stored.reservations) {
    const other = remembered.reservations.find(({ relationship }) => relationship === record.relationship)
    if (!isEqual(record, other)) yield `reservations of ${record.relationship} differ`
  }
  if (!isEqual(remembered.drains, stored.drains)) yield 'remembers other pools that are drained'
}

function fieldsThatDiffer<T extends Binding | EndpointRecord>(remembered: T, restored: T | undefined): string {
  if (restored === undefined) return 'remembered, and not restored'
  const fields = (Object.keys(remembered) as (keyof T & string)[]).filter(
    (field) => !isEqual(remembered[field], restored[field]),
  )
  return `remembered and restored with another ${fields.join(', ')}`
}

/** Records are plain data: values, and objects, lists and octets of them. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [first, second] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))]
  return first.size === second.size && [...first].every(([key, value]) => isEqual(value, second.get(key)))
}
