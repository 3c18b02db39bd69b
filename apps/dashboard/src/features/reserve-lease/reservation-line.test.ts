/** What the dialog gives to copy is what the configuration file takes. */
import { routeExamples } from '@tandem/api-contract'
import type { Lease } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { reservationOf } from './reservation-line.ts'

const duid = '00:03:00:01:02:00:5e:00:53:01'
const lease: Lease = {
  ...routeExamples.getLease.answer,
  lease: '2001:db8:100::25',
  kind: 'address',
  state: 'active',
  client: { duid, iaType: 'IA_NA', iaid: 1 },
  clientHostName: null,
}

it.each([
  [lease, `- { duid: '${duid}', address: '2001:db8:100::25' }`],
  [
    { ...lease, clientHostName: 'mail.example.com' },
    `- { duid: '${duid}', address: '2001:db8:100::25', hostname: mail.example.com }`,
  ],
  [{ ...lease, clientHostName: "it's: mine" }, `- { duid: '${duid}', address: '2001:db8:100::25' }`],
  [
    {
      ...lease,
      kind: 'prefix' as const,
      lease: '2001:db8:8000:100::/56',
      client: { duid, iaType: 'IA_PD' as const, iaid: 2 },
    },
    `- { duid: '${duid}', prefix: '2001:db8:8000:100::/56' }`,
  ],
])('is a line below the reservations of its subnet', (of, line) => {
  expect(reservationOf(of)).toEqual({ can: true, line, subnet: lease.subnetId })
})

it.each([
  [{ client: null }, 'No client'],
  [{ client: { duid, iaType: 'IA_TA' as const, iaid: 1 } }, 'temporary address'],
  [{ state: 'abandoned' as const }, 'quarantined'],
])('is none where nothing could be kept for anybody: %j', (change, why) => {
  expect(reservationOf({ ...lease, ...change })).toMatchObject({
    can: false,
    because: expect.stringContaining(why) as string,
  })
})
