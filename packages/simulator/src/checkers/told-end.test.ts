/** The end of a lease in an update: what is on record, or what was acknowledged of it, and nothing else. */
import { parseIpv6Prefix, toDhcpTime } from '@tandem/protocol'
import { instant, type Binding, type Instant } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import type { UpdatedLease } from '../world/read-frame.ts'
import { isEndAsTold } from './told-end.ts'

const at = (seconds: number): Instant => instant(1_800_000_000_000 + seconds * 1000)
const prefix = parseIpv6Prefix('2001:db8:1::1020/128') ?? expect.fail('a prefix')

const ended: Binding = {
  kind: 'address',
  prefix,
  subnetId: 'lan',
  relationship: 'pair',
  status: 'EXPIRED',
  client: undefined,
  statusSince: at(0),
  statusExpiresAt: undefined,
  t1Seconds: 0,
  t2Seconds: 0,
  preferredSeconds: 0,
  validSeconds: 0,
  clientHeardAt: undefined,
  partnerHeardClientAt: undefined,
  expirationTime: at(90),
  ackedPartnerLifetime: at(100),
  partnerLifetime: undefined,
  owedToPartner: true,
  updateSent: true,
  relayData: undefined,
  clientFqdn: undefined,
}

const toldWithEnd = (end: Instant | undefined): UpdatedLease => ({
  kind: 'address',
  prefix,
  client: undefined,
  holder: undefined,
  status: 'EXPIRED',
  statusSince: toDhcpTime(at(0)),
  statusExpiresAt: end === undefined ? undefined : toDhcpTime(end),
  clientHeardAt: undefined,
  partnerLifetime: undefined,
  partnerRawCltTime: undefined,
  partnerLifetimeSent: undefined,
  refusal: undefined,
})

describe('the end of an ended lease', () => {
  it('is told without a timeout', () => {
    expect(isEndAsTold(ended, toldWithEnd(undefined), false)).toBe(true)
    expect(isEndAsTold(ended, toldWithEnd(at(90)), false)).toBe(false)
  })

  it('is told to a partner that recovers with what was acknowledged, and with no other time', () => {
    expect(isEndAsTold(ended, toldWithEnd(at(90)), true)).toBe(true)
    expect(isEndAsTold(ended, toldWithEnd(undefined), true)).toBe(true)
    expect(isEndAsTold(ended, toldWithEnd(at(100)), true)).toBe(false)
  })
})

describe('the end of a lease in use', () => {
  it('is the one on record, whoever is told', () => {
    const active: Binding = { ...ended, status: 'ACTIVE', statusExpiresAt: at(30) }
    expect(isEndAsTold(active, toldWithEnd(at(30)), true)).toBe(true)
    expect(isEndAsTold(active, toldWithEnd(at(90)), true)).toBe(false)
    expect(isEndAsTold(active, toldWithEnd(undefined), true)).toBe(false)
  })
})
