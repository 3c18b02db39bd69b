/** What brought a change of a lease about, in words. */
import type { LeaseChange } from '@tandem/api-contract'

export const leaseChangeCauseWords: Readonly<Record<LeaseChange['cause'], string>> = {
  client: 'This server answered a client',
  partner: 'The partner told it',
  expiry: 'Its time ran out',
  acknowledged: 'The partner agreed',
  balance: 'The free leases of the pool were evened out',
  operator: 'An operator did it',
}
