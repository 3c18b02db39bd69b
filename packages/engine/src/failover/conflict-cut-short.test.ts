/** Cut off before a partner that served alone had told what it gave: what may be given then (RFC 8156 section 8.11.1, decision 0071). */
import { clientIdOption, duidFromHex, MessageType, option, type Duid } from '@tandem/protocol'
import { expect, test } from 'vitest'
import type { FailoverPair } from '../../test-support/failover-pair.ts'
import { clientSends, ia, leasesOf, namedPrefix, pd, servingPair, to } from '../../test-support/pair-clients.ts'

const client = (number: number): Duid => duidFromHex(`000300010c00000000${(0x10 + number).toString(16)}`)

function request(pair: FailoverPair, role: 'primary' | 'secondary', number: number): readonly string[] {
  return leasesOf(clientSends(pair, role, MessageType.Request, [...to(pair, role, client(number)), ia(1), pd(1)]))
}

/** The primary served alone after the secondary had died. `tells`: how far the resolution comes before both are parted. */
function cutShort(pair: FailoverPair, tells: 'nothing' | 'all but the end'): void {
  pair.kill('secondary')
  pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
  pair.isNetworkUp = false
  pair.start('secondary')
  pair.run(8)
  pair.passes = (from, { type }) => type !== MessageType.Upddone || (tells !== 'nothing' && from === 'secondary')
  pair.isNetworkUp = true
  pair.run(4)
  pair.isNetworkUp = false
  pair.cut()
}

test.each([
  ['nothing', 'RESOLUTION-INTERRUPTED / RESOLUTION-INTERRUPTED'],
  ['all but the end', 'CONFLICT-DONE / RESOLUTION-INTERRUPTED'],
] as const)(
  'having heard %s, the other gives no prefix to a new client, and addresses of its half',
  (tells, states) => {
    const pair = servingPair()
    const [, held] = request(pair, 'primary', 1)
    pair.run(2)
    cutShort(pair, tells)
    expect(pair.states()).toBe(states)
    const given = request(pair, 'secondary', 2)
    expect(given.map((lease) => lease.includes('/'))).toEqual([false])
    // As well after a restart, and who has one keeps it.
    pair.kill('secondary')
    pair.start('secondary')
    pair.run(8)
    expect(pair.view('secondary').state).toBe('RESOLUTION-INTERRUPTED')
    expect(request(pair, 'secondary', 3)).toHaveLength(1)
    const rebinds = [option(clientIdOption, client(1)), pd(1, namedPrefix(held ?? ''))]
    expect(leasesOf(clientSends(pair, 'secondary', MessageType.Rebind, rebinds))).toEqual([held])
    // The one that was alone knows what it gave.
    expect(request(pair, 'primary', 4)).toHaveLength(2)
  },
)

test('when both have found together again, prefixes are given as before', () => {
  const pair = servingPair()
  cutShort(pair, 'nothing')
  pair.passes = () => true
  pair.isNetworkUp = true
  pair.run(20)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  pair.kill('primary')
  pair.run(2)
  expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
  expect(request(pair, 'secondary', 5)).toHaveLength(2)
})
