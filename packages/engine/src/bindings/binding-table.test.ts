/** The table answers as maps and sets of objects would, in the same order, after any changes. */
import { makeDuidEn, type Duid, type Ipv6Address } from '@tandem/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../time/instant.ts'
import { BindingTable } from './binding-table.ts'
import { keyOf, type Binding, type BindingClient, type BindingStatus } from './binding.ts'

const addressOf = (number: number): Ipv6Address => ((0x20010db8n << 96n) + BigInt(number)) as Ipv6Address
const duidOf = (number: number, octets = 8): Duid => makeDuidEn(1, new Uint8Array(octets).fill(number))

function bindingOf(number: number, changes: Partial<Binding> = {}): Binding {
  return {
    kind: 'address',
    prefix: { address: addressOf(number), length: 128 },
    subnetId: 'subnet',
    relationship: 'alpha',
    status: 'ACTIVE',
    client: { duid: duidOf(1), iaType: 'IA_NA', iaid: 1 },
    statusSince: instant(0),
    statusExpiresAt: undefined,
    t1Seconds: 1,
    t2Seconds: 2,
    preferredSeconds: 3,
    validSeconds: 4,
    lifetimeRule: undefined,
    lifetimeAcked: undefined,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
    ...changes,
  }
}

/** Few clients with few IAs and a DUID that is long, so that they often share and often change. */
const anyClient: fc.Arbitrary<BindingClient> = fc
  .tuple(fc.nat(2), fc.constantFrom(8, 60), fc.nat(1), fc.constantFrom('IA_NA' as const, 'IA_PD' as const))
  .map(([number, octets, iaid, iaType]) => ({ duid: duidOf(number, octets), iaType, iaid }))

const anyPut = fc
  .tuple(
    fc.nat(25),
    fc.record({
      client: fc.option(anyClient, { nil: undefined }),
      status: fc.constantFrom<BindingStatus>('ACTIVE', 'FREE', 'EXPIRED'),
      relationship: fc.constantFrom('alpha', 'beta', undefined),
      owedToPartner: fc.boolean(),
      statusExpiresAt: fc.option(fc.nat(5).map(instant), { nil: undefined }),
      validSeconds: fc.nat(),
    }),
  )
  .map(([number, changes]) => bindingOf(number, changes))

/** No answer may depend on it. */
const anySeed = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }))

/** What the table was before: an object for each lease, and maps of sets of keys. */
class Model {
  readonly byKey = new Map<string, Binding>()
  readonly byClient = new Map<string, Set<string>>()
  readonly owed = new Map<string, Set<string>>()

  put(binding: Binding): void {
    const key = keyOf(binding)
    const before = this.byKey.get(key)
    this.byKey.set(key, binding)
    move(this.byClient, key, clientText(before?.client), clientText(binding.client))
    move(this.owed, key, owedText(before), owedText(binding))
  }

  of(index: Map<string, Set<string>>, at: string): readonly (Binding | undefined)[] {
    return [...(index.get(at) ?? [])].map((key) => this.byKey.get(key))
  }
}

function move(index: Map<string, Set<string>>, key: string, from: string | undefined, to: string | undefined): void {
  if (from !== undefined && from !== to) index.get(from)?.delete(key)
  if (to === undefined) return
  const keys = index.get(to) ?? new Set()
  index.set(to, keys.add(key))
}

const clientText = (client: BindingClient | undefined): string | undefined =>
  client === undefined ? undefined : `${client.duid}/${client.iaType}/${client.iaid}`
const owedText = (binding: Binding | undefined): string | undefined =>
  binding?.owedToPartner === true ? binding.relationship : undefined

describe('the table of leases', () => {
  test('gives the same leases in the same order as maps of objects, after any changes', () => {
    fc.assert(
      fc.property(fc.array(anyPut, { minLength: 1, maxLength: 80 }), anySeed, (puts, seed) => {
        const table = new BindingTable(({ statusExpiresAt }) => statusExpiresAt, seed)
        const model = new Model()
        const told: unknown[] = []
        table.observe('any', (before, after) => told.push([before, keyOf(after), after.status]))
        const expectedToBeTold: unknown[] = []
        for (const binding of puts) {
          const key = keyOf(binding)
          expectedToBeTold.push([model.byKey.get(key)?.status, key, binding.status])
          table.put(binding)
          model.put(binding)
          expect(table.get(key)).toStrictEqual(binding)
          const { client } = binding
          if (client !== undefined) {
            const expected = model.of(model.byClient, clientText(client) ?? '')
            expect(table.ofClient(client.duid, client.iaType, client.iaid)).toStrictEqual(expected)
          }
        }
        expect(told).toEqual(expectedToBeTold)
        expect(table.size).toBe(model.byKey.size)
        expect([...table.all()]).toStrictEqual([...model.byKey.values()])
        for (const relationship of ['alpha', 'beta', 'gamma']) {
          const owed = [...table.owedSlots(relationship)].map((slot) => table.at(slot))
          expect(owed).toStrictEqual(model.of(model.owed, relationship))
          expect(table.owedCount(relationship)).toBe(model.owed.get(relationship)?.size ?? 0)
        }
        for (const [text, keys] of model.byClient) {
          const [duid = '', iaType, iaid] = text.split('/')
          const found = table.ofClient(duid as Duid, iaType === 'IA_NA' ? 'IA_NA' : 'IA_PD', Number(iaid))
          expect(found.map(keyOf)).toEqual([...keys])
        }
        const due = [...model.byKey.values()].filter(({ statusExpiresAt }) => (statusExpiresAt ?? Infinity) <= 3)
        const taken = table.takeDue(instant(3), 100)
        expect(taken.map(({ statusExpiresAt }) => statusExpiresAt)).toEqual(
          due.map(({ statusExpiresAt }) => statusExpiresAt ?? 0).sort((a, b) => a - b),
        )
        expect(new Set(taken.map(keyOf))).toEqual(new Set(due.map(keyOf)))
      }),
      { numRuns: 300 },
    )
  })

  test('an observer is told of what was there before it, and of its own kind only', () => {
    const table = new BindingTable(() => undefined)
    const prefix = bindingOf(1, { kind: 'prefix', prefix: { address: addressOf(0), length: 56 } })
    const seen: string[] = []
    table.put(bindingOf(1))
    table.put(prefix)
    table.observe('prefix', (before, after) => seen.push(`${before} ${after.kind}`))
    table.put(bindingOf(2))
    table.put(prefix)
    expect(seen).toEqual(['undefined prefix', 'ACTIVE prefix'])
    expect(table.statusOf('prefix', prefix.prefix)).toBe('ACTIVE')
    expect(table.statusOf('prefix', bindingOf(1).prefix)).toBeUndefined()
  })

  test('one client with 100,000 IAs costs no more for each than a thousand clients do', () => {
    const table = new BindingTable(() => undefined)
    const count = 100_000
    const duid = duidOf(7)
    for (let iaid = 0; iaid < count; iaid += 1) {
      table.put(bindingOf(iaid, { client: { duid, iaType: 'IA_NA', iaid } }))
    }
    // A walk over all of them for each would be 10^10 steps and not end within the time of a test.
    for (let iaid = 0; iaid < count; iaid += 1) {
      const [only, ...others] = table.ofClient(duid, 'IA_NA', iaid)
      if (only?.prefix.address !== addressOf(iaid) || others.length > 0) expect(iaid).toBe(-1)
      table.put(bindingOf(iaid, { client: undefined }))
    }
    expect(table.ofClient(duid, 'IA_NA', 5)).toEqual([])
    expect(table.size).toBe(count)
  })

  test('many leases of one IA are left one by one from either end', () => {
    const table = new BindingTable(() => undefined)
    const count = 50_000
    const { duid, iaType, iaid } = { duid: duidOf(7), iaType: 'IA_PD' as const, iaid: 1 }
    for (let number = 0; number < count; number += 1) {
      table.put(bindingOf(number, { client: { duid, iaType, iaid } }))
    }
    for (let number = 0; number < count / 2 - 1; number += 1) {
      table.put(bindingOf(number, { client: undefined }))
      table.put(bindingOf(count - 1 - number, { client: undefined }))
    }
    expect(table.ofClient(duid, iaType, iaid).map(({ prefix }) => prefix.address)).toEqual([
      addressOf(count / 2 - 1),
      addressOf(count / 2),
    ])
  })
})
