/** Whatever a binding says, it says the same after it was packed. */
import { duidFromBytes, makePrefix, type Ipv6Address } from '@tandem/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../time/instant.ts'
import type { Binding, BindingClient, LifetimeRule } from './binding.ts'
import { bindingKey } from './binding.ts'
import { PackedBindings } from './packed-bindings.ts'

const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })
const anySeconds = fc.integer({ min: 0, max: 0xffffffff })
const anyInstant = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 8.64e15 })).map(instant)
const anyAddress = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => value as Ipv6Address)
const anyLease = fc.oneof(
  anyAddress.map((address) => ({ kind: 'address' as const, prefix: { address, length: 128 } })),
  fc
    .tuple(anyAddress, fc.integer({ min: 0, max: 128 }))
    .map(([address, length]) => ({ kind: 'prefix' as const, prefix: makePrefix(address, length) })),
)
const anyClient: fc.Arbitrary<BindingClient> = fc.record(
  {
    duid: fc.uint8Array({ minLength: 3, maxLength: 130 }).map(duidFromBytes),
    iaType: fc.constantFrom('IA_NA' as const, 'IA_TA' as const, 'IA_PD' as const),
    iaid: anySeconds,
  },
  { noNullPrototype: true },
)
const anyRule: fc.Arbitrary<LifetimeRule> = fc.record(
  {
    desiredSeconds: fc.nat(3),
    limitedBy: fc.constantFrom('configuration' as const, 'mclt' as const, 'drain' as const),
    rule: fc.constantFrom('RFC 8156 4.4', 'no failover relationship'),
    state: optional(fc.constantFrom('NORMAL', 'PARTNER-DOWN')),
    mcltSeconds: optional(fc.nat(2)),
  },
  { noNullPrototype: true },
)

const anyBinding: fc.Arbitrary<Binding> = fc
  .tuple(
    anyLease,
    fc.record({
      subnetId: fc.constantFrom('', 'one', 'two'),
      relationship: optional(fc.constantFrom('alpha', 'beta')),
      status: fc.constantFrom(
        'ACTIVE' as const,
        'EXPIRED' as const,
        'RELEASED' as const,
        'FREE' as const,
        'FREE-BACKUP' as const,
        'ABANDONED' as const,
        'RESET' as const,
      ),
      client: optional(anyClient),
      statusSince: anyInstant,
      statusExpiresAt: optional(anyInstant),
      t1Seconds: anySeconds,
      t2Seconds: anySeconds,
      preferredSeconds: anySeconds,
      validSeconds: anySeconds,
      lifetimeRule: optional(anyRule),
      lifetimeAcked: optional(anyInstant),
      clientHeardAt: optional(anyInstant),
      partnerHeardClientAt: optional(anyInstant),
      expirationTime: optional(anyInstant),
      ackedPartnerLifetime: optional(anyInstant),
      partnerLifetime: optional(anyInstant),
      owedToPartner: fc.boolean(),
      updateSent: fc.boolean(),
      relayData: optional(fc.uint8Array({ maxLength: 700 })),
      clientFqdn: optional(fc.uint8Array({ maxLength: 30 })),
    }),
  )
  .map(([lease, rest]) => ({ ...lease, ...rest }))

function write(packed: PackedBindings, slot: number, binding: Binding): void {
  const { client } = binding
  if (client !== undefined) packed.seekClient(client.duid, client.iaType, client.iaid)
  packed.writeClient(slot, client)
  packed.write(slot, binding)
}

function add(packed: PackedBindings, binding: Binding): number {
  packed.seek(binding.kind, binding.prefix)
  const slot = packed.add()
  write(packed, slot, binding)
  return slot
}

describe('a packed binding', () => {
  test('is read as it was written, whatever was there before', () => {
    fc.assert(
      fc.property(fc.array(anyBinding, { minLength: 2, maxLength: 12 }), (bindings) => {
        const packed = new PackedBindings([1, 2])
        for (const binding of bindings) add(packed, binding)
        expect(bindings.map((_, slot) => packed.read(slot))).toStrictEqual(bindings)
        const [first, ...others] = bindings
        for (const other of others) {
          write(packed, 0, other)
          const expected = { ...other, kind: first?.kind, prefix: first?.prefix }
          expect(packed.read(0)).toStrictEqual(expected)
          expect(packed.timesOf(0)).toEqual({
            status: other.status,
            statusExpiresAt: other.statusExpiresAt,
            clientHeardAt: other.clientHeardAt,
            partnerHeardClientAt: other.partnerHeardClientAt,
            expirationTime: other.expirationTime,
          })
          expect(packed.owedTo(0)).toBe(other.owedToPartner ? other.relationship : undefined)
        }
        expect(others.map((_, index) => packed.read(index + 1))).toStrictEqual(others)
      }),
    )
  })

  test('is found by its lease, by the key of it, and by its client', () => {
    fc.assert(
      fc.property(anyBinding, anyLease, anyClient, (binding, lease, client) => {
        const packed = new PackedBindings([1, 2])
        const slot = add(packed, binding)
        const hash = packed.seek(binding.kind, binding.prefix)
        expect(packed.seekKey(bindingKey(binding.kind, binding.prefix))).toBe(hash)
        expect(packed.isSought(slot)).toBe(true)
        const isSame = bindingKey(lease.kind, lease.prefix) === bindingKey(binding.kind, binding.prefix)
        packed.seekKey(bindingKey(lease.kind, lease.prefix))
        expect(packed.isSought(slot)).toBe(isSame)
        expect(packed.hasClient(slot)).toBe(binding.client !== undefined)
        packed.seekClient(client.duid, client.iaType, client.iaid)
        expect(packed.isOfSoughtClient(slot)).toBe(false)
        if (binding.client === undefined) return
        const { duid, iaType, iaid } = binding.client
        expect(packed.seekClient(duid, iaType, iaid)).toBe(packed.hashOfClient(slot))
        expect(packed.isOfSoughtClient(slot)).toBe(true)
      }),
    )
  })

  test('of a long DUID is told from one whose DUID begins and is as long as it', () => {
    const packed = new PackedBindings([1, 2])
    const octets = Uint8Array.from({ length: 130 }, (_, at) => at)
    const [binding] = fc.sample(anyBinding, 1)
    if (binding === undefined) throw new Error('there is one')
    const slot = add(packed, { ...binding, client: { duid: duidFromBytes(octets), iaType: 'IA_NA', iaid: 1 } })
    octets[129] = 0
    packed.seekClient(duidFromBytes(octets), 'IA_NA', 1)
    expect(packed.isOfSoughtClient(slot)).toBe(false)
  })

  test('with seconds that no message could hold is refused', () => {
    const [binding] = fc.sample(anyBinding, 1)
    if (binding === undefined) throw new Error('there is one')
    for (const validSeconds of [-1, 0.5, 2 ** 32, NaN]) {
      expect(() => add(new PackedBindings([0, 0]), { ...binding, validSeconds })).toThrow(RangeError)
    }
  })
})
