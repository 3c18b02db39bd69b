/** Leases that come one by one are shown by the same filter as a list. */
import type { Lease } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { UserError } from '../user-error.ts'
import { fitOf } from './lease-fits.ts'
import type { LeaseWish } from './leases.ts'

const client = { duid: '00:03:00:01:aa:bb', iaType: 'IA_PD', iaid: 1 }
// What the filter looks at.
const lease = {
  lease: '2001:db8:0:100::/56',
  kind: 'prefix',
  subnetId: 'a',
  relationship: 'main',
  state: 'active',
  client,
  clientHostName: 'Desk-17.example',
  relayData: '00120008706f72742d312f37',
} as Lease

test.each<[LeaseWish, boolean]>([
  [{}, true],
  [{ subnet: 'a', state: 'active', kind: 'prefix' }, true],
  [{ subnet: 'b' }, false],
  [{ state: 'expired' }, false],
  [{ kind: 'address' }, false],
  [{ duid: '0001AA' }, true],
  [{ duid: '01:aa-bb' }, true],
  [{ duid: '01bb' }, false],
  [{ relationship: 'main', iaid: 1 }, true],
  [{ relationship: 'other' }, false],
  [{ iaid: 2 }, false],
  [{ hostName: 'desk-17.EXAM' }, true],
  [{ hostName: 'desk-18' }, false],
  [{ relay: 'port-1' }, true],
  [{ relay: '00:12' }, true],
  [{ relay: 'port-2' }, false],
  [{ address: '2001:db8::/32' }, true],
  [{ address: '2001:db8:0:100::/56' }, true],
  [{ address: '2001:db8:0:100::/64' }, false],
  [{ address: '2001:db8::1' }, false],
])('%j: %s', (wish, fits) => {
  expect(fitOf(wish)(lease)).toBe(fits)
})

test('a lease without a client has no DUID that fits', () => {
  expect(fitOf({ duid: '00' })({ ...lease, client: null })).toBe(false)
})

test('what is no address is said at once', () => {
  expect(() => fitOf({ address: 'printer' })).toThrow(UserError)
})
