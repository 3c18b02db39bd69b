/** An operator drains a pool of a pair, on one server or on both, and gives leases from it again (decision 0117). */
import { MessageType, type Ipv6Address } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { clientSends, ia, leasesOf, named, servingPair, to } from '../../test-support/pair-clients.ts'
import { duid } from '../../test-support/served-link.ts'
import type { Binding } from '../bindings/binding.ts'
import type { CommandResult } from '../effects.ts'
import type { PoolCommand } from '../events.ts'
import type { Role } from '../configuration/configuration.ts'
import type { DrainSnapshot } from '../snapshot.ts'

function command(
  pair: FailoverPair,
  role: Role,
  kind: PoolCommand['kind'],
  pool = 'addresses',
): CommandResult | undefined {
  return pair.command(role, { kind, pool, reason: 'the range goes to another site' })
}

function drainOf(pair: FailoverPair, role: Role): DrainSnapshot | undefined {
  return pair
    .server(role)
    .engine?.snapshot(pair.now)
    .pools.find(({ id }) => id === 'addresses')?.drain
}

const leaseOf = (pair: FailoverPair, role: Role): Binding | undefined =>
  [...pair.server(role).bindings.values()].find(({ kind }) => kind === 'address')

describe('the command', () => {
  it('begins once, is durable before it is answered, and says what is left', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('primary', 1)
    pair.run(20)
    expect(command(pair, 'primary', 'drain-pool')).toEqual({
      ok: true,
      detail: 'addresses is being drained: one lease runs to the end of what was promised.',
    })
    expect(pair.primary.drains).toMatchObject([{ pool: 'addresses', operator: 'ann' }])
    expect(drainOf(pair, 'primary')).toMatchObject({ leasesLeft: 1, reason: 'the range goes to another site' })
    const since = pair.primary.drains[0]?.since
    pair.run(5)
    expect(command(pair, 'primary', 'drain-pool')).toMatchObject({ ok: true, detail: expect.stringMatching(/already/) })
    expect(pair.primary.drains[0]?.since).toBe(since)
  })

  it('is of one server: the partner goes on until it is told too', () => {
    const pair = servingPair()
    command(pair, 'primary', 'drain-pool')
    pair.run(60)
    expect([drainOf(pair, 'primary'), drainOf(pair, 'secondary')]).toEqual([expect.anything(), undefined])
  })

  it('outlasts a restart and a pool that was taken from the configuration meanwhile', () => {
    const pair = servingPair()
    command(pair, 'primary', 'drain-pool')
    const { configuration } = pair.primary
    const withoutPools = configuration.subnets.map((subnet) => ({ ...subnet, addressPools: [] }))
    for (const subnets of [withoutPools, configuration.subnets]) {
      pair.kill('primary')
      pair.primary.configuration = { ...configuration, subnets }
      pair.start('primary')
      pair.run(30)
    }
    expect(drainOf(pair, 'primary')).toMatchObject({ operator: 'ann', leasesLeft: 0 })
    expect(command(pair, 'primary', 'stop-draining')).toMatchObject({ ok: true })
    expect(pair.primary.drains).toEqual([])
    expect(drainOf(pair, 'primary')).toBeUndefined()
  })

  it('is told as a notice and refused for a pool that there is not', () => {
    const pair = servingPair()
    expect(command(pair, 'primary', 'drain-pool', 'another')).toMatchObject({ ok: false, refusal: 'unknown-pool' })
    expect(command(pair, 'primary', 'stop-draining')).toEqual({ ok: true, detail: 'addresses is not being drained.' })
    command(pair, 'primary', 'drain-pool')
    command(pair, 'primary', 'stop-draining')
    const told = pair.primary.notices.filter((notice) => notice.kind === 'pool-drain-changed')
    expect(told).toMatchObject([
      { pool: 'addresses', isDraining: true, operator: 'ann', leasesLeft: 0 },
      { pool: 'addresses', isDraining: false, operator: 'ann', leasesLeft: 0 },
    ])
  })
})

describe('a pool that both servers drain', () => {
  const client = duid('00:03:00:01:0c:00:00:00:00:01')

  it('is empty when the longest promise is over, however often its clients renew', () => {
    const pair = servingPair()
    const [given = ''] = leasesOf(
      clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', client), ia(1)]),
    )
    pair.run(20)
    for (const role of ['primary', 'secondary'] as const) command(pair, role, 'drain-pool')
    const lastEndAt = drainOf(pair, 'primary')?.lastEndAt ?? 0
    expect(lastEndAt).toBe(leaseOf(pair, 'primary')?.statusExpiresAt)
    for (; pair.now < lastEndAt - 2_000; pair.run(7)) {
      clientSends(pair, 'primary', MessageType.Renew, [...to(pair, 'primary', client), ia(1, named(given))])
      expect(drainOf(pair, 'primary')?.lastEndAt).toBe(lastEndAt)
    }
    pair.run(30)
    expect([drainOf(pair, 'primary'), drainOf(pair, 'secondary')]).toMatchObject([
      { leasesLeft: 0, lastEndAt: undefined },
      { leasesLeft: 0, lastEndAt: undefined },
    ])
    expect(leaseOf(pair, 'primary')?.status).toBe('FREE')
  })

  it('is emptied by the partner too, while this server is away', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('primary', 1)
    pair.run(20)
    for (const role of ['primary', 'secondary'] as const) command(pair, role, 'drain-pool')
    const lease = leaseOf(pair, 'secondary')
    const address: Ipv6Address | undefined = lease?.prefix.address
    if (lease === undefined || address === undefined) throw new Error('the partner was told')
    pair.kill('primary')
    pair.run(10)
    pair.rebindAddress('secondary', 1, address)
    expect(leaseOf(pair, 'secondary')).toMatchObject({
      statusExpiresAt: lease.statusExpiresAt,
      preferredSeconds: 0,
      lifetimeRule: { limitedBy: 'drain' },
    })
  })
})
