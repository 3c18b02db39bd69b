/** A lease under a relationship of another name: another partner, who has promised nothing and has to be told. */
import { describe, expect, test } from 'vitest'
import { lan } from '../../test-support/served-link.ts'
import { addSeconds } from '../time/instant.ts'
import { clientNumber, leased, T0 } from './updates/update-pair.fixture.ts'
import { placeLease } from './place-lease.ts'

const later = addSeconds(T0, 9000)
const lease = {
  ...leased(undefined, '2001:db8:1::11', clientNumber(1), T0, 3600),
  ackedPartnerLifetime: later,
  expirationTime: later,
}
const configured = (name: string): boolean => name === 'twins'

describe('a stored lease', () => {
  test('stays as it is where its relationship does', () => {
    const home = { ...lan, id: lease.subnetId, relationship: 'pair' }
    expect(placeLease(lease, home, configured)).toBe(lease)
  })

  test('of another relationship is owed to the new partner and counts on no acknowledgement of the old one', () => {
    const placed = placeLease(lease, { ...lan, relationship: 'twins' }, configured)
    expect(placed).toMatchObject({
      relationship: 'twins',
      subnetId: lan.id,
      owedToPartner: true,
      ackedPartnerLifetime: undefined,
      expirationTime: later,
    })
  })

  test('of a subnet that is gone keeps its relationship only while there is one of that name', () => {
    expect(placeLease(lease, undefined, configured).relationship).toBeUndefined()
    expect(placeLease({ ...lease, relationship: 'twins' }, undefined, configured).relationship).toBe('twins')
  })

  test('that has ended is free where no partner is left to acknowledge it', () => {
    expect(placeLease({ ...lease, status: 'RELEASED', owedToPartner: true }, lan, configured)).toMatchObject({
      status: 'FREE',
      owedToPartner: false,
    })
  })
})
