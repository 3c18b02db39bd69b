/** Whatever happens to two servers, in the end they agree: random cuts, kills, lost disks and commands (RFC 8156 section 8). */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { Binding } from '../bindings/binding.ts'
import type { Role } from '../configuration/configuration.ts'

type Happening =
  | { readonly kind: 'cut' | 'network-down' | 'network-up' }
  | {
      readonly kind: 'request' | 'kill' | 'start' | 'lose-disk' | 'declare' | 'force' | 'time-gap' | 'shut-down'
      readonly role: Role
    }
  | { readonly kind: 'wait'; readonly quarters: number }

const role = fc.constantFrom<Role[]>('primary', 'secondary')
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'network-down', 'network-up') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'request',
        'request',
        'kill',
        'start',
        'start',
        'lose-disk',
        'declare',
        'force',
        'time-gap',
        'shut-down',
      ),
      role,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait'), quarters: fc.integer({ min: 1, max: 120 }) }) },
)

function happen(pair: FailoverPair, what: Happening): void {
  switch (what.kind) {
    case 'cut':
      pair.cut()
      break
    case 'network-down':
      pair.isNetworkUp = false
      break
    case 'network-up':
      pair.isNetworkUp = true
      break
    case 'wait':
      pair.run(what.quarters / 4)
      break
    case 'request':
      pair.requestAddress(what.role, 1 + (pair.sent.length % 8))
      break
    case 'kill':
      pair.kill(what.role)
      break
    case 'start':
      if (pair.server(what.role).engine === undefined) pair.start(what.role)
      break
    case 'lose-disk':
      if (pair.server(what.role).engine === undefined) pair.loseStorage(what.role)
      break
    case 'declare':
    case 'force':
      if (pair.server(what.role).engine === undefined) break
      pair.declarePartnerDown(what.role, pair.view(what.role).state, what.kind === 'force')
      break
    case 'time-gap':
      // The adapter closes every connection before it tells the engine.
      pair.handle(what.role, { kind: 'time-gap', from: pair.now })
      pair.cut()
      break
    case 'shut-down':
      if (pair.server(what.role).engine === undefined) break
      pair.command(what.role, { kind: 'shut-down' })
      pair.kill(what.role)
      break
  }
}

function leasesOf(pair: FailoverPair, of: Role): readonly string[] {
  const text = ({ status, client }: Binding): string => `${status} ${client?.duid}`
  return [...pair.server(of).bindings].map(([key, binding]) => `${key} ${text(binding)}`).sort()
}

function settleDown(pair: FailoverPair): void {
  pair.isNetworkUp = true
  for (const each of ['primary', 'secondary'] as const) {
    if (pair.server(each).engine === undefined) pair.start(each)
  }
  pair.run(150)
}

it('two servers come to NORMAL when nothing happens any more, and never echo each other for ever', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 25 }), fc.constantFrom('tls', 'insecure'), (story, transport) => {
      const pair = new FailoverPair({ both: { transport } })
      pair.startBoth()
      for (const what of story) happen(pair, what)
      settleDown(pair)
      expect(pair.states()).toBe('NORMAL / NORMAL')
      expect(pair.view('primary').partnerInformed).toBe(true)
      expect(pair.view('secondary').partner?.state).toBe('NORMAL')
      expect(pair.view('primary')).toMatchObject({ updatesOwed: 0, updatesUnacked: 0 })
      expect(pair.view('secondary')).toMatchObject({ updatesOwed: 0, updatesUnacked: 0 })
      expect(leasesOf(pair, 'primary')).toEqual(leasesOf(pair, 'secondary'))
    }),
    { numRuns: 150, seed: 8156 },
  )
})
