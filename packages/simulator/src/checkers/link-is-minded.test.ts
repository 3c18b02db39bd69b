/** Which leases on record a client must be told that they are not of its link. */
import { duidFromHex, parseIpv6Prefix } from '@tandem/protocol'
import { instant, NO_SUBNET, type Binding } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { holderText } from '../world/lease-holder.ts'
import { isHeldWithPlace } from './link-is-minded.ts'

const client = { duid: duidFromHex('000300010a0000000006'), iaType: 'IA_PD', iaid: 1 } as const
const holder = holderText(client.duid, client)

const delegated: Binding = {
  kind: 'prefix',
  prefix: parseIpv6Prefix('2001:db8:7777:1400::/54') ?? expect.fail('a prefix'),
  subnetId: 'lan',
  relationship: 'pair',
  status: 'ACTIVE',
  client,
  statusSince: instant(1_800_000_000_000),
  statusExpiresAt: instant(1_800_000_060_000),
  t1Seconds: 0,
  t2Seconds: 0,
  preferredSeconds: 0,
  validSeconds: 0,
  clientHeardAt: undefined,
  partnerHeardClientAt: instant(1_800_000_000_000),
  expirationTime: undefined,
  ackedPartnerLifetime: undefined,
  partnerLifetime: undefined,
  owedToPartner: false,
  updateSent: false,
  relayData: undefined,
  clientFqdn: undefined,
}

describe('a lease that is not of the link of its client', () => {
  it('is taken back where it is on record as that of the client', () => {
    expect(isHeldWithPlace(delegated, holder)).toBe(true)
    expect(isHeldWithPlace(delegated, holderText(client.duid, { ...client, iaid: 2 }))).toBe(false)
    expect(isHeldWithPlace({ ...delegated, status: 'EXPIRED' }, holder)).toBe(false)
  })

  it('may be left unmentioned where it is a prefix of no pool, which the partner may go on giving', () => {
    expect(isHeldWithPlace({ ...delegated, subnetId: NO_SUBNET }, holder)).toBe(false)
    const address = parseIpv6Prefix('2001:db8:9::1/128') ?? expect.fail('an address')
    const elsewhere: Binding = { ...delegated, kind: 'address', prefix: address, subnetId: NO_SUBNET }
    expect(isHeldWithPlace(elsewhere, holder)).toBe(true)
  })
})
