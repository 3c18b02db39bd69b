/** Whatever arrives: at most one answer, never an exception, and every grant is one client's alone. */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  MessageType,
  option,
  type OptionInstance,
} from '@tandem/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../bindings/binding.ts'
import {
  address,
  clientA,
  duid,
  forRelays,
  iaNa,
  iaPd,
  onLink,
  ServedLink,
  toServer,
} from '../../test-support/served-link.ts'

const addresses = ['2001:db8:1::10', '2001:db8:1::11', '2001:db8:1::12', '2001:db8:1::13', '2001:db8:2::10', '::']
const prefixes = ['2001:db8:8000::/56', '2001:db8:8000:100::/56', '2001:db8:8000::/52', '::/56']
const clientTypes = [1, 3, 4, 5, 6, 8, 9, 11]

const anyIa = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 2 }), fc.subarray(addresses)).map(([iaid, leases]) => iaNa(iaid, ...leases)),
  fc.tuple(fc.integer({ min: 1, max: 2 }), fc.subarray(prefixes)).map(([iaid, leases]) => iaPd(iaid, ...leases)),
)

const anyMessage = fc.record({
  type: fc.constantFrom(...clientTypes),
  client: fc.integer({ min: 1, max: 4 }),
  named: fc.boolean(),
  ias: fc.array(anyIa, { maxLength: 3 }),
})

function optionsOf(client: number, named: boolean, ias: readonly OptionInstance[]): readonly OptionInstance[] {
  const id = duid(`000300010a000000000${client}`)
  return named ? [...toServer(id), ...ias] : [option(clientIdOption, id), ...ias]
}

describe('any sequence of messages', () => {
  test('never passes a lease on while its client has it, and answers only with what is on record', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const link = new ServedLink()
        for (const { type, client, named, ias } of messages) {
          const held = [...link.table.all()].filter(({ status }) => status === 'ACTIVE')
          const outcome = link.send(type, optionsOf(client, named, ias))
          for (const before of held) {
            const after = link.table.get(keyOf(before))
            if (after?.status === 'ACTIVE') expect(after.client).toEqual(before.client)
          }
          if (outcome.datagram === undefined || outcome.message.type !== MessageType.Reply) continue
          const holder = optionsOf(client, named, [])[0]?.value
          for (const lease of outcome.leases) {
            expect(link.recordOf(lease)).toMatchObject({ status: 'ACTIVE', client: { duid: holder } })
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('mutated octets', () => {
  const relayed = encodeDatagram({
    kind: 'relay',
    type: MessageType.RelayForw,
    hopCount: 0,
    linkAddress: address('2001:db8:1::1'),
    peerAddress: address('fe80::a'),
    options: [
      {
        code: 9,
        value: encodeDatagram({
          kind: 'client-server',
          type: MessageType.Request,
          transactionId: 1,
          options: [...toServer(clientA), iaNa(1, '2001:db8:1::10'), iaPd(2, '2001:db8:8000::/56')],
        }),
      },
    ],
  })

  test('never throw, and what is answered can be read', () => {
    const link = new ServedLink()
    let answered = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(relayed.length - 1), fc.nat(255)), { maxLength: 3 }),
        fc.integer({ min: 0, max: relayed.length }),
        fc.boolean(),
        (changes, length, whole) => {
          const bytes = relayed.slice(0, whole ? undefined : length)
          for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet
          const { afterCommit } = link.sendBytes(bytes, { listener: forRelays })
          expect(afterCommit.length).toBeLessThanOrEqual(1)
          for (const output of afterCommit) {
            if (output.kind === 'send-datagram') expect(decodeDatagram(output.bytes).ok).toBe(true)
            answered += 1
          }
        },
      ),
      { numRuns: 2000 },
    )
    expect(answered).toBeGreaterThan(0)
  })

  test('never throw when they are only noise', () => {
    const link = new ServedLink()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(link.sendBytes(bytes, { listener: onLink }).commit).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
})
