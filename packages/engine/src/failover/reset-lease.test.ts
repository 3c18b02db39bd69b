/** A quarantined lease brought back by an operator (RFC 8156 section 7.2, transition 10; decision 0073). */
import {
  clientIdOption,
  duidFromHex,
  encodeDatagram,
  iaAddressOption,
  iaNaOption,
  MessageType,
  option,
  serverIdOption,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { Binding } from '../bindings/binding.ts'
import type { CommandResult } from '../effects.ts'
import type { Role } from '../configuration/configuration.ts'
import { onResetLease } from './transitions/lease-commands.ts'

const CLIENT = duidFromHex('00030001020000000001')

/** A client gets an address from the primary and declines it. */
function declined(): { readonly pair: FailoverPair; readonly lease: Binding } {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(10)
  pair.requestAddress('primary', 1)
  pair.run(6)
  const [granted] = pair.primary.bindings.values()
  if (granted === undefined) throw new Error('an address was granted')
  const held = option(iaAddressOption, {
    address: granted.prefix.address,
    preferredLifetime: 0,
    validLifetime: 0,
    options: [],
  })
  const bytes = encodeDatagram({
    kind: 'client-server',
    type: MessageType.Decline,
    transactionId: 7,
    options: [
      option(clientIdOption, CLIENT),
      option(serverIdOption, pair.primary.configuration.serverDuid),
      option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [held] }),
    ],
  })
  const from = { address: 'fe80::1%eth0', port: 546 }
  pair.handle('primary', { kind: 'datagram-received', listenerId: 'eth0', from, bytes, arrivedAt: pair.now })
  pair.run(2)
  const [lease] = pair.primary.bindings.values()
  if (lease === undefined) throw new Error('its record stays')
  expect(lease.status).toBe('ABANDONED')
  return { pair, lease }
}

function reset(
  pair: FailoverPair,
  role: Role,
  { kind, prefix }: Pick<Binding, 'kind' | 'prefix'>,
): CommandResult | undefined {
  return pair.command(role, { kind: 'reset-lease', leaseKind: kind, prefix, reason: 'the printer was moved' })
}

const statuses = (pair: FailoverPair): readonly (readonly string[])[] =>
  [pair.primary, pair.secondary].map(({ bindings }) => [...bindings.values()].map(({ status }) => status))

describe('resetting a quarantined lease', () => {
  it.each(['primary', 'secondary'] as const)('on the %s is told to the partner, and both have it free', (role) => {
    const { pair, lease } = declined()
    pair.run(10)
    expect(statuses(pair)).toEqual([['ABANDONED'], ['ABANDONED']])
    expect(reset(pair, role, lease)).toMatchObject({ ok: true })
    const changes = pair.server(role).notices.filter((notice) => notice.kind === 'lease-changed')
    expect(changes).toContainEqual(expect.objectContaining({ from: 'ABANDONED', to: 'RESET', cause: 'operator' }))
    pair.run(5)
    expect(statuses(pair)).toEqual([['FREE'], ['FREE']])
  })

  it('waits for the partner while contact is lost', () => {
    const { pair, lease } = declined()
    pair.kill('secondary')
    pair.run(5)
    expect(reset(pair, 'primary', lease)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('partner is back'),
    })
    pair.run(200)
    expect(statuses(pair)[0]).toEqual(['RESET'])
    pair.start('secondary')
    pair.run(20)
    expect(statuses(pair)).toEqual([['FREE'], ['FREE']])
  })

  it('waits for the maximum client lead time in PARTNER-DOWN', () => {
    const { pair, lease } = declined()
    pair.kill('secondary')
    pair.run(1)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    expect(reset(pair, 'primary', lease)).toMatchObject({ ok: true })
    pair.run(55)
    expect(statuses(pair)[0]).toEqual(['RESET'])
    pair.run(15)
    expect(statuses(pair)[0]).toEqual(['FREE'])
  })

  it('frees a lease of a subnet without relationship at once', () => {
    const { pair, lease } = declined()
    const [subnet] = pair.primary.configuration.subnets
    if (subnet === undefined) throw new Error('there is one')
    pair.kill('primary')
    pair.primary.configuration = { ...pair.primary.configuration, subnets: [{ ...subnet, relationship: undefined }] }
    pair.start('primary')
    expect(reset(pair, 'primary', lease)).toMatchObject({ ok: true, detail: '2001:db8:1::1001 is free.' })
    expect(statuses(pair)[0]).toEqual(['FREE'])
  })

  it('is recorded in the audit and does no harm twice', () => {
    const { pair, lease } = declined()
    pair.kill('secondary')
    const effects = pair.handle('primary', {
      kind: 'command-received',
      commandId: 'c',
      operator: 'ann',
      command: { kind: 'reset-lease', leaseKind: lease.kind, prefix: lease.prefix, reason: 'moved' },
    })
    expect(effects?.commit).toContainEqual(
      expect.objectContaining({
        kind: 'audit-added',
        audit: expect.objectContaining({
          action: 'reset-lease',
          target: '2001:db8:1::1001',
          reason: 'moved',
          outcome: 'done',
        }),
      }),
    )
    expect(reset(pair, 'primary', lease)).toMatchObject({ ok: true, detail: expect.stringContaining('already') })
  })

  it('is refused for a lease that is not quarantined, and for one that has no record', () => {
    const { pair, lease } = declined()
    reset(pair, 'primary', lease)
    pair.run(5)
    expect(reset(pair, 'primary', lease)).toMatchObject({ ok: false, refusal: 'lease-not-quarantined' })
    const unknown = { ...lease, prefix: { address: lease.prefix.address + 2n, length: 128 } } as Binding
    expect(reset(pair, 'primary', unknown)).toMatchObject({ ok: false, refusal: 'unknown-lease' })
  })

  it('is refused while the server starts', () => {
    const { pair, lease } = declined()
    pair.kill('primary')
    pair.kill('secondary')
    pair.start('primary')
    expect(reset(pair, 'primary', lease)).toMatchObject({
      ok: false,
      refusal: 'state-does-not-allow',
      currentState: 'STARTUP',
    })
  })

  it('says for every state what follows or why not', () => {
    for (const rule of Object.values(onResetLease)) expect(rule.allowed ? rule.follows : rule.because).toMatch(/\w+\.$/)
  })
})
