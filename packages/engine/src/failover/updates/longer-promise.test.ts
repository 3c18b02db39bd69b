/** Both servers renewed one client's lease apart: the longer promise binds, whoever heard the client last (decision 0021). */
import { expect, test } from 'vitest'
import { addSeconds } from '../../time/instant.ts'
import { wholeSeconds } from './wire-time.ts'
import { agreedView, clientNumber, leased, UpdatePair, type Side } from './update-pair.fixture.ts'

const EVEN = '2001:db8:1::1002'
const PREFIX = '2001:db8:8000:100::/56'
const alice = clientNumber(1)
const alicePd = clientNumber(1, 'IA_PD')

function renew(pair: UpdatePair, side: Side, lease: string, validSeconds: number): void {
  const client = lease.includes('/') ? alicePd : alice
  pair.step(side, (step) => {
    step.changeBinding(leased(side.get(lease), lease, client, pair.now, validSeconds), 'client')
  })
}

for (const lease of [EVEN, PREFIX]) {
  for (const [longer, shorter] of [
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ] as const) {
    test(`of ${lease}, where the ${longer} promised longer before the ${shorter} heard the client`, () => {
      const pair = UpdatePair.inNormal()
      renew(pair, pair.primary, lease, 600)
      pair.deliver()
      pair.cut()
      renew(pair, pair[longer], lease, 3000)
      const promisedUntil = addSeconds(pair.now, 3000)
      pair.wait(60)
      renew(pair, pair[shorter], lease, 300)
      pair.connect()
      // What is kept for longer is told with the next scan.
      pair.wait(15)
      pair.deliver()
      for (const side of [pair.primary, pair.secondary]) {
        expect(side.get(lease)).toMatchObject({ status: 'ACTIVE', validSeconds: 300, owedToPartner: false })
        expect(wholeSeconds(side.get(lease)!.statusExpiresAt!)).toBe(wholeSeconds(promisedUntil))
      }
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
      pair.end(pair[shorter], lease, 'RELEASED')
      pair.deliver()
      expect(pair[longer].get(lease)?.status).not.toBe('ACTIVE')
    })
  }
}
