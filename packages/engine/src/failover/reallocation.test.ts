/** When a lease may go to a client again: with a partner, and alone in PARTNER-DOWN (digest section 9). */
import { duidFromHex, makePrefix } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, TEST_START } from '../../test-support/failover-pair.ts'
import type { Binding, BindingClient, BindingStatus } from '../bindings/binding.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { mayReuseAlone, mayReuseShared } from './reallocation.ts'

const t = TEST_START
const MCLT = 60
const ann: BindingClient = { duid: duidFromHex('00030001020000000a01'), iaType: 'IA_NA', iaid: 1 }
const bob: BindingClient = { duid: duidFromHex('00030001020000000b02'), iaType: 'IA_NA', iaid: 1 }

function ended(status: BindingStatus, changes: Partial<Binding> = {}): Binding {
  return {
    kind: 'address',
    prefix: { address: address('2001:db8:1::1001'), length: 128 },
    subnetId: '2001:db8:1::/64',
    relationship: 'pair',
    status,
    client: ann,
    statusSince: t,
    statusExpiresAt: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: t,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
    ...changes,
  }
}

function allowed(binding: Binding, client: BindingClient, now: Instant, partnerDownSince?: Instant): boolean {
  return mayReuseShared(binding, client, { role: 'primary', mcltSeconds: MCLT, partnerDownSince, now }).ok
}

describe('with a partner that may be running', () => {
  it('gives an acknowledged lease to anyone', () => {
    expect(allowed(ended('FREE'), bob, t)).toBe(true)
  })

  it.each(['EXPIRED', 'RELEASED', 'RESET'] as const)('does not give a lease that is %s to another client', (status) => {
    expect(allowed(ended(status), bob, addSeconds(t, 1e6))).toBe(false)
  })

  it('gives the same client its lease back only until the partner has been told', () => {
    expect(allowed(ended('EXPIRED'), ann, t)).toBe(true)
    expect(allowed(ended('RELEASED'), ann, t)).toBe(true)
    expect(allowed(ended('RELEASED', { updateSent: true }), ann, t)).toBe(false)
  })

  it('never takes an address of the half of the partner', () => {
    const even = { prefix: { address: address('2001:db8:1::1002'), length: 128 } }
    expect(allowed(ended('FREE', even), bob, t)).toBe(false)
    expect(allowed(ended('EXPIRED', even), ann, t)).toBe(false)
  })

  it('leaves alone what is in use or abandoned', () => {
    expect(allowed(ended('ACTIVE'), bob, t)).toBe(false)
    expect(allowed(ended('ACTIVE'), ann, t)).toBe(true)
    expect(allowed(ended('ABANDONED'), ann, t)).toBe(false)
  })
})

describe('alone in PARTNER-DOWN', () => {
  const down = addSeconds(t, 100)

  it('waits for the longest of all promises, and MCLT more', () => {
    for (const field of ['expirationTime', 'ackedPartnerLifetime', 'partnerLifetime', 'statusExpiresAt'] as const) {
      const binding = ended('EXPIRED', { [field]: addSeconds(t, 500) })
      expect(allowed(binding, bob, addSeconds(t, 559), down)).toBe(false)
      expect(allowed(binding, bob, addSeconds(t, 560), down)).toBe(true)
    }
  })

  it('waits MCLT after entry when every promise is over', () => {
    expect(allowed(ended('EXPIRED'), bob, addSeconds(down, 59), down)).toBe(false)
    expect(allowed(ended('EXPIRED'), bob, addSeconds(down, 60), down)).toBe(true)
  })

  it('waits MCLT after the lease ended when that was later', () => {
    const released = ended('RELEASED', { statusSince: addSeconds(down, 30), clientHeardAt: addSeconds(down, 30) })
    expect(allowed(released, bob, addSeconds(down, 89), down)).toBe(false)
    expect(allowed(released, bob, addSeconds(down, 90), down)).toBe(true)
  })

  it('does not wait for what it only meant to tell after entry', () => {
    const released = ended('RELEASED', {
      statusSince: addSeconds(down, 30),
      clientHeardAt: addSeconds(down, 30),
      partnerLifetime: addSeconds(down, 90_000),
    })
    expect(allowed(released, bob, addSeconds(down, 90), down)).toBe(true)
  })

  it('uses its own available leases at once', () => {
    expect(allowed(ended('FREE'), bob, down, down)).toBe(true)
  })

  it('uses a prefix of the partner only MCLT after entry, and an address of it never', () => {
    const prefix = { kind: 'prefix', prefix: makePrefix(address('2001:db8:8000::'), 56) } as const
    expect(allowed(ended('FREE-BACKUP', prefix), bob, addSeconds(down, 59), down)).toBe(false)
    expect(allowed(ended('FREE-BACKUP', prefix), bob, addSeconds(down, 60), down)).toBe(true)
    const even = { prefix: { address: address('2001:db8:1::1002'), length: 128 } }
    expect(allowed(ended('FREE-BACKUP', even), bob, addSeconds(down, 1e6), down)).toBe(false)
  })

  it('gives the same client its lease back at once while the partner was not told', () => {
    const even = { prefix: { address: address('2001:db8:1::1002'), length: 128 } }
    expect(allowed(ended('EXPIRED', even), ann, down, down)).toBe(true)
    expect(allowed(ended('EXPIRED', { updateSent: true }), ann, down, down)).toBe(false)
  })
})

describe('without a relationship', () => {
  it('gives what is not in use to anyone', () => {
    expect(mayReuseAlone(ended('EXPIRED'), bob).ok).toBe(true)
    expect(mayReuseAlone(ended('ACTIVE'), bob).ok).toBe(false)
    expect(mayReuseAlone(ended('ABANDONED'), bob).ok).toBe(false)
  })
})

describe('while it is not known what a partner gave that served alone', () => {
  const sharedUnknown = { ok: false, because: 'not told', rule: 'RFC 8156 8.11.1' } as const
  const asked = (binding: Binding, client: BindingClient, isShared: boolean) =>
    mayReuseShared(binding, client, {
      role: 'secondary',
      mcltSeconds: MCLT,
      partnerDownSince: undefined,
      now: addSeconds(t, 1e6),
      isShared,
      sharedUnknown,
    })

  it.each(['FREE-BACKUP', 'EXPIRED', 'RELEASED'] as const)(
    'a %s lease that is owned by status goes to nobody',
    (status) => {
      for (const client of [ann, bob]) expect(asked(ended(status), client, true)).toEqual(sharedUnknown)
    },
  )

  it('one that a client is using stays with it', () => {
    expect(asked(ended('ACTIVE'), ann, true)).toEqual({ ok: true })
  })

  it('an address of our half is ours in every state', () => {
    const even = { prefix: { address: address('2001:db8:1::1002'), length: 128 } }
    expect(asked(ended('FREE-BACKUP', even), bob, false)).toEqual({ ok: true })
    expect(asked(ended('RELEASED', even), ann, false)).toEqual({ ok: true })
  })
})
