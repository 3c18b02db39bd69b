/** What the configuration has no place for is refused, and on record so that nobody gives it twice (decision 0033). */
import { describe, expect, test } from 'vitest'
import { StatusCode } from '@tandem/protocol'
import { NO_SUBNET } from '../../bindings/binding.ts'
import { clientNumber, prefix, UpdatePair, type Side } from './update-pair.fixture.ts'

const ELSEWHERE = '2001:db8:bad::1'
/** The pool delegates /56. */
const LONGER = '2001:db8:8000:100::/60'
const alice = clientNumber(1)
const alicePd = clientNumber(1, 'IA_PD')

function refusals(pair: UpdatePair, side: Side, act: () => void): readonly (number | undefined)[] {
  const codes: (number | undefined)[] = []
  const step = pair.step.bind(pair)
  pair.step = (of, body) => {
    const effects = step(of, body)
    if (of === side) codes.push(...effects.notices.flatMap((n) => (n.kind === 'update-rejected' ? [n.statusCode] : [])))
    return effects
  }
  act()
  pair.deliver()
  pair.step = step
  return codes
}

describe('an address of no subnet here', () => {
  test('is refused each time, and its record follows what is told', () => {
    const pair = UpdatePair.inNormal()
    const { primary, secondary } = pair
    expect(refusals(pair, secondary, () => pair.grant(primary, ELSEWHERE, alice, 60))).toEqual([
      StatusCode.ConfigurationConflict,
    ])
    const first = secondary.get(ELSEWHERE)
    expect(first).toMatchObject({ status: 'ACTIVE', client: alice, subnetId: NO_SUBNET, owedToPartner: false })
    expect(primary.get(ELSEWHERE)).toMatchObject({ owedToPartner: true, ackedPartnerLifetime: undefined })
    pair.wait(30)
    expect(refusals(pair, secondary, () => pair.grant(primary, ELSEWHERE, alice, 60))).toEqual([
      StatusCode.ConfigurationConflict,
    ])
    expect(secondary.get(ELSEWHERE)?.statusExpiresAt).toBe((first?.statusExpiresAt ?? 0) + 30_000)
    pair.wait(10)
    expect(refusals(pair, secondary, () => pair.end(primary, ELSEWHERE, 'RELEASED'))).toEqual([
      StatusCode.ConfigurationConflict,
    ])
    expect(secondary.get(ELSEWHERE)).toMatchObject({ status: 'FREE', subnetId: NO_SUBNET })
    // It has no acknowledgement, and waits for one.
    expect(primary.get(ELSEWHERE)).toMatchObject({ status: 'RELEASED', owedToPartner: true })
  })

  test('takes nothing from what is on record for another relationship', () => {
    const pair = UpdatePair.inNormal()
    const { primary, secondary } = pair
    pair.grant(primary, ELSEWHERE, alice, 60)
    const foreign = { ...(primary.get(ELSEWHERE) ?? expect.fail('it was granted')), relationship: 'other' }
    secondary.table.put(foreign)
    pair.deliver()
    expect(secondary.get(ELSEWHERE)).toEqual(foreign)
  })
})

describe('a prefix of another length than the pool delegates', () => {
  test('is refused, and keeps what lies around it from being given', () => {
    const pair = UpdatePair.inNormal()
    const around = prefix('2001:db8:8000:100::/56')
    const pool = pair.secondary.pools.find('prefix', around)
    expect(pool?.ownerOf(around)).toBeDefined()
    expect(refusals(pair, pair.secondary, () => pair.grant(pair.primary, LONGER, alicePd, 60))).toEqual([
      StatusCode.ConfigurationConflict,
    ])
    expect(pair.secondary.get(LONGER)).toMatchObject({ status: 'ACTIVE', client: alicePd })
    expect(pool?.ownerOf(around)).toBeUndefined()
  })
})
