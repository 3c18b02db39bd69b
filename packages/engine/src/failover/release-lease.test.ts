/** A lease in use ended by an operator who knows that its client is gone (decision 0115). */
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { Binding, BindingStatus } from '../bindings/binding.ts'
import type { CommandResult } from '../effects.ts'
import type { Role } from '../configuration/configuration.ts'
import { onReleaseLease } from './transitions/lease-commands.ts'

/** A client has an address from the primary, and the partner has acknowledged it. */
function leased(): { readonly pair: FailoverPair; readonly lease: Binding } {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(10)
  pair.requestAddress('primary', 1)
  pair.run(20)
  return { pair, lease: only(pair, 'primary') }
}

function only(pair: FailoverPair, role: Role): Binding {
  const [lease] = pair.server(role).bindings.values()
  if (lease === undefined) throw new Error('its record stays')
  return lease
}

function release(
  pair: FailoverPair,
  role: Role,
  { kind, prefix }: Pick<Binding, 'kind' | 'prefix'>,
): CommandResult | undefined {
  return pair.command(role, { kind: 'release-lease', leaseKind: kind, prefix, reason: 'the laptop was stolen' })
}

const statuses = (pair: FailoverPair): readonly BindingStatus[] => [
  only(pair, 'primary').status,
  only(pair, 'secondary').status,
]

describe('releasing a lease in use', () => {
  it.each(['primary', 'secondary'] as const)('on the %s ends it on both, and says by whom', (role) => {
    const { pair, lease } = leased()
    expect(statuses(pair)).toEqual(['ACTIVE', 'ACTIVE'])
    expect(release(pair, role, lease)).toMatchObject({
      ok: true,
      detail: '2001:db8:1::1001 is released. It is free as soon as the partner has acknowledged that.',
    })
    const changes = pair.server(role).notices.filter((notice) => notice.kind === 'lease-changed')
    expect(changes).toContainEqual(expect.objectContaining({ from: 'ACTIVE', to: 'RESET', cause: 'operator' }))
    pair.run(5)
    expect(statuses(pair)).toEqual(['FREE', 'FREE'])
  })

  it('is nobody else’s before the partner has acknowledged it', () => {
    const { pair, lease } = leased()
    pair.kill('secondary')
    pair.run(5)
    expect(release(pair, 'primary', lease)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('partner is back'),
    })
    pair.run(200)
    expect(only(pair, 'primary').status).toBe('RESET')
    pair.start('secondary')
    pair.run(20)
    expect(statuses(pair)).toEqual(['FREE', 'FREE'])
  })

  it('waits in PARTNER-DOWN for what the partner may have promised the client', () => {
    const { pair, lease } = leased()
    const promisedUntil = Math.max(
      lease.expirationTime ?? 0,
      lease.statusExpiresAt ?? 0,
      lease.ackedPartnerLifetime ?? 0,
    )
    pair.kill('secondary')
    pair.run(1)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    expect(release(pair, 'primary', lease)).toMatchObject({ ok: true })
    while (pair.now < promisedUntil - 1000) {
      expect(only(pair, 'primary').status).toBe('RESET')
      pair.run(10)
    }
    pair.run(90)
    expect(only(pair, 'primary').status).toBe('FREE')
  })

  it('yields to a client that renews at the partner afterwards', () => {
    const { pair, lease } = leased()
    pair.kill('primary')
    pair.run(5)
    expect(release(pair, 'secondary', lease)).toMatchObject({ ok: true })
    pair.kill('secondary')
    pair.start('primary')
    // It serves again when its start-up time is over without the partner.
    pair.run(60)
    pair.requestAddress('primary', 1)
    expect(only(pair, 'primary').statusSince).toBeGreaterThan(lease.statusSince - 1)
    pair.start('secondary')
    pair.run(30)
    expect(statuses(pair)).toEqual(['ACTIVE', 'ACTIVE'])
  })

  it('frees a lease of a subnet without relationship at once', () => {
    const { pair, lease } = leased()
    const [subnet] = pair.primary.configuration.subnets
    if (subnet === undefined) throw new Error('there is one')
    pair.kill('primary')
    pair.primary.configuration = { ...pair.primary.configuration, subnets: [{ ...subnet, relationship: undefined }] }
    pair.start('primary')
    expect(release(pair, 'primary', lease)).toMatchObject({ ok: true, detail: '2001:db8:1::1001 is free.' })
    expect(only(pair, 'primary').status).toBe('FREE')
  })

  it('does no harm twice, and is refused for what is not in use or has no record', () => {
    const { pair, lease } = leased()
    pair.kill('secondary')
    pair.run(5)
    expect(release(pair, 'primary', lease)).toMatchObject({ ok: true })
    expect(release(pair, 'primary', lease)).toMatchObject({ ok: true, detail: expect.stringContaining('already') })
    pair.start('secondary')
    pair.run(20)
    expect(release(pair, 'primary', lease)).toMatchObject({
      ok: false,
      refusal: 'lease-not-active',
      detail: '2001:db8:1::1001 is FREE and not ACTIVE.',
    })
    const unknown = { ...lease, prefix: { address: lease.prefix.address + 2n, length: 128 } } as Binding
    expect(release(pair, 'primary', unknown)).toMatchObject({ ok: false, refusal: 'unknown-lease' })
  })

  it('is refused while its client is heard', () => {
    const { pair, lease } = leased()
    pair.requestAddress('primary', 1)
    pair.run(2)
    const refused = {
      ok: false,
      refusal: 'client-just-heard',
      detail: 'The client of 2001:db8:1::1001 was heard 2 s ago.',
    }
    expect(release(pair, 'primary', lease)).toMatchObject(refused)
    expect(release(pair, 'secondary', lease)).toMatchObject({ refusal: 'client-just-heard' })
    pair.run(10)
    expect(release(pair, 'secondary', lease)).toMatchObject({ ok: true })
    pair.run(5)
    expect(statuses(pair)).toEqual(['FREE', 'FREE'])
  })

  it('is refused where the client was heard by a partner whose clock is ahead', () => {
    const { pair, lease } = leased()
    pair.secondary.clockOffsetMs = -4_000
    pair.requestAddress('primary', 1)
    pair.run(2)
    expect(release(pair, 'secondary', lease)).toMatchObject({
      refusal: 'client-just-heard',
      detail: 'The client of 2001:db8:1::1001 was heard 0 s ago.',
    })
  })

  it('is refused while the server starts', () => {
    const { pair, lease } = leased()
    pair.kill('primary')
    pair.kill('secondary')
    pair.start('primary')
    const currentState = 'STARTUP'
    expect(release(pair, 'primary', lease)).toMatchObject({ ok: false, refusal: 'state-does-not-allow', currentState })
  })

  it('says for every state what follows or why not', () => {
    for (const rule of Object.values(onReleaseLease)) {
      expect(rule.allowed ? rule.follows : rule.because).toMatch(/\w+\.$/)
    }
  })
})
