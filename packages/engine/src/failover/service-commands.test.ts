/** Fetching everything and sharing out the pools by an operator's word (decision 0089). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { configureSubnet, servingPair } from '../../test-support/pair-clients.ts'
import type { CommandResult } from '../effects.ts'

type Side = 'primary' | 'secondary'

function command(pair: FailoverPair, role: Side, kind: 'resync' | 'rebalance'): CommandResult | undefined {
  return pair.command(role, { kind, relationship: 'pair', reason: 'to be sure' })
}

describe.each(['primary', 'secondary'] as const)('a resync of the %s', (role) => {
  const other = role === 'primary' ? 'secondary' : 'primary'

  it('asks for everything, and brings what the partner has', () => {
    const pair = servingPair()
    pair.requestAddress(other, 1)
    pair.run(1)
    pair.sent.length = 0
    expect(command(pair, role, 'resync')).toMatchObject({ ok: true })
    const types = pair.sent.map(({ from, message }) => `${from} ${message.type}`)
    expect(types).toContain(`${role} ${MessageType.Updreqall}`)
    expect(types).toContain(`${other} ${MessageType.Bndupd}`)
    expect(types).toContain(`${other} ${MessageType.Upddone}`)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.server(role).endpoint?.fullResyncOwed).toBe(false)
  })

  it('is asked for anew after a loss of contact in the middle, and after a restart', () => {
    const pair = servingPair()
    pair.requestAddress(other, 1)
    pair.run(1)
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    command(pair, role, 'resync')
    expect(pair.view(role)).toMatchObject({
      resync: { direction: 'receiving' },
      commands: { resync: { allowed: false } },
    })
    expect(command(pair, role, 'resync')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
    pair.kill(role)
    pair.passes = () => true
    pair.sent.length = 0
    pair.start(role)
    pair.run(15)
    expect(pair.sent.some(({ from, message }) => from === role && message.type === MessageType.Updreqall)).toBe(true)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.server(role).endpoint?.fullResyncOwed).toBe(false)
  })

  it('is refused without contact', () => {
    const pair = servingPair()
    pair.kill(other)
    expect(pair.view(role).commands.resync.allowed).toBe(false)
    expect(command(pair, role, 'resync')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
  })
})

describe('a rebalance', () => {
  /** Of 16 prefixes the secondary is to have half; a threshold of a half leaves it at what it got first. */
  function unevenPair(): FailoverPair {
    const pair = new FailoverPair({ both: { prefixRebalanceThreshold: 0.5, secondaryPrefixShare: 0.25 } })
    for (const role of ['primary', 'secondary'] as const) configureSubnet(pair, role, {})
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    pair.primary.configuration = {
      ...pair.primary.configuration,
      relationships: pair.primary.configuration.relationships.map((each) => ({ ...each, secondaryPrefixShare: 0.5 })),
    }
    pair.start('primary')
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    return pair
  }

  it('moves what is uneven although it is within the threshold, to the last one', () => {
    const pair = unevenPair()
    expect(pair.view('primary').imbalances).toEqual([{ pool: 'prefixes', direction: 'give', leases: 4n }])
    expect(command(pair, 'primary', 'rebalance')).toMatchObject({
      ok: true,
      detail: '4 free leases change sides.',
    })
    pair.run(5)
    expect(pair.view('primary').imbalances).toEqual([])
    const pool = pair.primary.engine?.snapshot(pair.now).pools.find(({ kind }) => kind === 'prefix')
    expect(pool).toMatchObject({ ownFree: 8n, partnerFree: 8n })
    expect(command(pair, 'primary', 'rebalance')).toMatchObject({
      ok: true,
      detail: 'Every pool is shared out as configured already.',
    })
  })

  it('is refused on the secondary, without contact, and where nothing is shared', () => {
    const pair = servingPair()
    expect(command(pair, 'secondary', 'rebalance')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
    pair.kill('secondary')
    expect(command(pair, 'primary', 'rebalance')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
    const alone = new FailoverPair()
    alone.startBoth()
    alone.run(3)
    expect(alone.view('primary').imbalances).toBeUndefined()
    expect(command(alone, 'primary', 'rebalance')).toMatchObject({ ok: false, refusal: 'state-does-not-allow' })
  })
})
