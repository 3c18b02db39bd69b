/** Two configurations of one relationship: what is the same however it is written, what differs, and what comes of it. */
import { describe, expect, it } from 'vitest'
import { compareSettings } from './compare-settings.ts'
import { parseConfiguration } from './load-configuration.ts'
import { sharedSettings } from './shared-settings.ts'

interface Wish {
  readonly node?: string
  readonly relationship?: string
  readonly defaults?: string
  readonly subnets?: string
}

const SUBNETS = `
  - prefix: 2001:db8:1::/64
    relationship: pair
    interfaces: [eth7]
    addressPools: ['2001:db8:1::1000-2001:db8:1::1fff']
    prefixPools: [{ prefix: '2001:db8:8000::/40', delegatedLength: 56 }]
    dns: { servers: ['2001:db8::53'], search: [example.org] }
    reservations:
      - { duid: '00:03:00:01:02:00:00:00:00:01', address: '2001:db8:1::1005', hostname: printer }
  - { prefix: '2001:db8:2::/64', relationship: pair, addressPools: ['2001:db8:2::1000-2001:db8:2::1fff'] }
`

function settingsOf({ node = 'alpha', relationship = '', defaults = '', subnets = SUBNETS }: Wish = {}) {
  const text = `
node:
  name: ${node}
  storage: file:${node}.db
  listeners: [{ address: '::1' }]
  partners: [{ relationship: pair, local: '[::1]:647', partner: '[::1]:648' }]
relationships:
  - { name: pair, primary: alpha, secondary: beta, transport: insecure${relationship} }
${defaults}
subnets:${subnets}`
  const parsed = parseConfiguration(text, '/etc/tandem/server.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return sharedSettings(parsed.configuration.engine, 'pair')
}

const differing = (here: Wish, there: Wish) =>
  compareSettings(settingsOf(here), settingsOf({ node: 'beta', ...there })).differences

describe('two configurations', () => {
  it('agree where only what is each server’s own differs, or how and in which order a value is written', () => {
    const otherOrder = SUBNETS.split('\n  - ')
    const subnets = `\n  - ${otherOrder[2]?.trimEnd()}\n  - ${otherOrder[1]?.trimEnd()}\n`
      .replace('2001:db8:1::/64', '2001:0DB8:0001::/64')
      .replace('interfaces: [eth7]', 'interfaces: [enp3s0]')
    const there = {
      subnets,
      relationship: ', mclt: 60m, keepalive: 20s',
      defaults: 'defaults: { lifetimes: { valid: 240m } }',
    }
    expect(differing({}, there)).toEqual([])
    const { compared } = compareSettings(settingsOf(), settingsOf({ node: 'beta' }))
    expect(compared).toBe(settingsOf().length)
    expect(compared).toBeGreaterThan(20)
  })

  it('differ in a pool, an option, a lifetime and a reservation, what must agree first', () => {
    const subnets = SUBNETS.replace('1000-2001:db8:1::1fff', '1000-2001:db8:1::2fff')
      .replace('2001:db8::53', '2001:db8::54')
      .replace('02:00:00:00:00:01', '02:00:00:00:00:02')
    const found = differing({}, { subnets, defaults: 'defaults: { lifetimes: { valid: 8h } }' })
    expect(found.map(({ weight, group, setting, here, there }) => [weight, group, setting, here, there])).toEqual([
      ['must-agree', 'address-pool', '2001:db8:1::1000-2001:db8:1::1fff', 'independent', null],
      ['must-agree', 'address-pool', '2001:db8:1::1000-2001:db8:1::2fff', null, 'independent'],
      [
        'must-agree',
        'reservation',
        '2001:db8:1::1005',
        'for 00:03:00:01:02:00:00:00:00:01, named printer',
        'for 00:03:00:01:02:00:00:00:00:02, named printer',
      ],
      ['should-agree', 'lifetime', 'lifetimes.preferred', '3h', '6h'],
      ['should-agree', 'lifetime', 'lifetimes.valid', '4h', '8h'],
      ['should-agree', 'option', 'dns.servers', '2001:db8::53', '2001:db8::54'],
      ['should-agree', 'lifetime', 'lifetimes.preferred', '3h', '6h'],
      ['should-agree', 'lifetime', 'lifetimes.valid', '4h', '8h'],
    ])
    for (const { meaning } of found) expect(meaning).not.toBe('')
  })

  it('name a subnet that one of them lacks, and not all that stands in it', () => {
    const subnets = SUBNETS.slice(0, SUBNETS.indexOf("  - { prefix: '2001:db8:2::/64'"))
    expect(differing({}, { subnets })).toMatchObject([
      { group: 'subnet', setting: '2001:db8:2::/64', here: 'served', there: null, weight: 'must-agree' },
    ])
    expect(differing({ subnets }, {})).toMatchObject([{ here: null, there: 'served' }])
  })

  it('say which setting of the relationship rules both', () => {
    const found = differing({}, { relationship: ', mclt: 30m, doubleLease: both, autoPartnerDown: 2h' })
    expect(found.map(({ weight, setting, here, there }) => [weight, setting, here, there])).toEqual([
      ['must-agree', 'doubleLease', 'latest', 'both'],
      ['should-agree', 'autoPartnerDown', 'off', '2h'],
      ['one-is-in-force', 'mclt', '1h', '30m'],
    ])
  })

  it('are not said to differ in what one of the two versions does not know', () => {
    const ours = settingsOf()
    const theirs = ours.filter(({ setting }) => setting !== 'rapidCommit' && setting !== 'mclt')
    expect(compareSettings(ours, theirs)).toEqual({ compared: ours.length - 3, differences: [] })
    expect(compareSettings(theirs, ours)).toEqual({ compared: ours.length - 3, differences: [] })
  })
})
