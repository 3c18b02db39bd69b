/** The partner is told of one lease again, because its record is another one than ours (decision 0128). */
import { describe, expect, it } from 'vitest'
import { address, FailoverPair } from '../../test-support/failover-pair.ts'
import { makePrefix } from '@tandem/protocol'
import { keyOf, type Binding } from '../bindings/binding.ts'
import type { CommandResult } from '../effects.ts'
import type { Role } from '../configuration/configuration.ts'
import { addSeconds } from '../time/instant.ts'

/** A client has an address from the primary, and the partner has acknowledged it. */
function leased(): { readonly pair: FailoverPair; readonly lease: Binding } {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(10)
  pair.requestAddress('primary', 1)
  pair.run(20)
  // The first time it lasts for the MCLT only.
  pair.requestAddress('primary', 1)
  pair.run(20)
  return { pair, lease: only(pair, 'primary') }
}

function only(pair: FailoverPair, role: Role): Binding {
  const [lease] = pair.server(role).bindings.values()
  if (lease === undefined) throw new Error('its record stays')
  return lease
}

/** As after a fault of the disk, of which no server knows; both are in NORMAL again afterwards. */
function behindItsBack(pair: FailoverPair, role: Role, lease: Binding, other: Binding | undefined): void {
  pair.kill(role)
  pair.run(1)
  const { bindings } = pair.server(role)
  if (other === undefined) bindings.delete(keyOf(lease))
  else bindings.set(keyOf(lease), other)
  pair.start(role)
  pair.run(30)
  expect(pair.server('primary').endpoint?.state).toBe('NORMAL')
}

function resend(pair: FailoverPair, role: Role, { kind, prefix }: Pick<Binding, 'kind' | 'prefix'>): CommandResult {
  const result = pair.command(role, { kind: 'resend-lease', leaseKind: kind, prefix, reason: 'the records differ' })
  if (result === undefined) throw new Error('it is answered at once')
  return result
}

describe('telling the partner of a lease again', () => {
  it('gives it the record that it has lost, and nothing else does', () => {
    const { pair, lease } = leased()
    behindItsBack(pair, 'secondary', lease, undefined)
    pair.run(60)
    expect(pair.secondary.bindings.size).toBe(0)
    expect(resend(pair, 'primary', lease)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('2001:db8:1::1001 is told to the partner again.'),
    })
    pair.run(5)
    expect(only(pair, 'secondary')).toMatchObject({
      status: 'ACTIVE',
      client: lease.client,
      expirationTime: only(pair, 'primary').ackedPartnerLifetime,
    })
    expect(only(pair, 'primary').owedToPartner).toBe(false)
  })

  it('makes it take our record in place of an older one', () => {
    const { pair, lease } = leased()
    const older = { ...only(pair, 'secondary'), status: 'EXPIRED', statusSince: addSeconds(pair.now, -3600) } as const
    behindItsBack(pair, 'secondary', lease, { ...older, partnerHeardClientAt: undefined, clientHeardAt: undefined })
    pair.run(60)
    expect(only(pair, 'secondary').status).not.toBe('ACTIVE')
    expect(resend(pair, 'primary', lease)).toMatchObject({ ok: true })
    pair.run(5)
    expect(only(pair, 'secondary').status).toBe('ACTIVE')
  })

  it('promises no more than was promised already', () => {
    const { pair, lease } = leased()
    behindItsBack(pair, 'secondary', lease, undefined)
    const before = only(pair, 'primary')
    resend(pair, 'primary', lease)
    pair.run(5)
    const { statusExpiresAt, ackedPartnerLifetime } = only(pair, 'primary')
    expect({ statusExpiresAt, ackedPartnerLifetime }).toEqual({
      statusExpiresAt: before.statusExpiresAt,
      ackedPartnerLifetime: before.ackedPartnerLifetime,
    })
  })

  it('is answered with its own record where that is newer', () => {
    const { pair, lease } = leased()
    const quarantined = { ...only(pair, 'secondary'), status: 'ABANDONED', statusExpiresAt: undefined } as const
    behindItsBack(pair, 'secondary', lease, { ...quarantined, statusSince: addSeconds(pair.now, 10) })
    pair.run(60)
    expect(only(pair, 'primary').status).toBe('ACTIVE')
    expect(resend(pair, 'primary', lease)).toMatchObject({ ok: true })
    pair.run(20)
    expect([only(pair, 'primary').status, only(pair, 'secondary').status]).toEqual(['ABANDONED', 'ABANDONED'])
  })

  it('waits for the partner where there is no contact, and does no harm twice', () => {
    const { pair, lease } = leased()
    pair.kill('secondary')
    pair.secondary.bindings.clear()
    pair.run(30)
    expect(resend(pair, 'primary', lease)).toMatchObject({ ok: true, detail: expect.stringContaining('waits') })
    expect(resend(pair, 'primary', lease)).toMatchObject({ ok: true, detail: expect.stringContaining('anyway') })
    pair.start('secondary')
    pair.run(30)
    expect(only(pair, 'secondary').status).toBe('ACTIVE')
  })

  it('is refused where there is no record, no partner, or nothing that it could be told', () => {
    const { pair, lease } = leased()
    const other = { kind: 'address', prefix: makePrefix(address('2001:db8:1::1002'), 128) } as const
    expect(resend(pair, 'primary', other)).toMatchObject({ ok: false, refusal: 'unknown-lease' })
    pair.kill('primary')
    pair.primary.bindings.set(keyOf({ ...lease, ...other }), { ...lease, ...other, client: undefined, status: 'FREE' })
    pair.start('primary')
    pair.run(30)
    expect(resend(pair, 'primary', other)).toMatchObject({ ok: false, refusal: 'lease-not-shared' })
    const [subnet] = pair.primary.configuration.subnets
    if (subnet === undefined) throw new Error('there is one')
    pair.kill('primary')
    pair.primary.configuration = { ...pair.primary.configuration, subnets: [{ ...subnet, relationship: undefined }] }
    pair.start('primary')
    expect(resend(pair, 'primary', lease)).toMatchObject({ ok: false, refusal: 'lease-not-shared' })
  })

  it('is refused while this server recovers', () => {
    const { pair, lease } = leased()
    pair.kill('primary')
    pair.run(1)
    const { endpoint } = pair.primary
    if (endpoint === undefined) throw new Error('it was in NORMAL')
    pair.primary.endpoint = { ...endpoint, state: 'RECOVER', fullResyncOwed: true }
    pair.kill('secondary')
    pair.start('primary')
    pair.run(30)
    expect(resend(pair, 'primary', lease)).toMatchObject({
      ok: false,
      refusal: 'state-does-not-allow',
      currentState: 'RECOVER',
    })
  })
})
