/** The leases at risk: only what somebody said, and never less than what can be. */
import type { Relationship } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { betaIsSilent } from '../../mock-api/partner-views.ts'
import { poolsWith } from '../../mock-api/pools.ts'
import { relationshipsIn } from '../../mock-api/relationships.ts'
import { leasesAtRisk } from './leases-at-risk.ts'

const [degraded] = relationshipsIn('degraded')
const [offices, labs, prefixes] = poolsWith(1204).items
if (degraded === undefined || offices === undefined || labs === undefined || prefixes === undefined) {
  throw new Error('the fixtures have a pair with three pools')
}
const pair: Relationship = { ...degraded, name: 'demo' }

describe('what the partner had still to tell', () => {
  it('is what it said itself, as of then, also after it has fallen silent', () => {
    const view = betaIsSilent(40)
    const partnerView = view.told === null ? view : { ...view, told: { ...view.told, updatesOwed: '3' } }
    const { untold } = leasesAtRisk({ ...pair, partnerView }, [])
    expect(untold).toEqual({ kind: 'told', count: '3', asOf: view.asOf })
  })

  it('is no number where nobody said one', () => {
    expect(leasesAtRisk({ ...pair, partnerView: null }, []).untold).toEqual({ kind: 'no-channel' })
    const unasked = { ...betaIsSilent(40), asOf: null, told: null }
    expect(leasesAtRisk({ ...pair, partnerView: unasked }, []).untold).toEqual({ kind: 'never-told' })
    const view = betaIsSilent(40)
    const vague = view.told === null ? view : { ...view, told: { ...view.told, updatesOwed: null } }
    expect(leasesAtRisk({ ...pair, partnerView: vague }, []).untold).toEqual({ kind: 'never-told' })
  })
})

describe('the most that it can be', () => {
  it('counts the pools of this relationship only, by kind, beyond what a number holds', () => {
    const foreign = { ...offices, relationship: 'other' }
    const alone = { ...offices, relationship: null }
    expect(leasesAtRisk(pair, [offices, labs, prefixes, foreign, alone]).most).toEqual({
      extendable: String(1204 + 37 + 310 + 9 + 96 + 4),
      givable: { addresses: (1414n + 34n + 9223372036854775707n).toString(), prefixes: '524240' },
    })
  })

  it('is nothing without pools', () => {
    expect(leasesAtRisk(pair, []).most).toEqual({ extendable: '0', givable: { addresses: '0', prefixes: '0' } })
  })

  it('is not known of a partner that may have served alone, with what is free here too', () => {
    const declarePartnerDown = { ...pair.commands.declarePartnerDown, forceAdmits: 'leases-may-be-missing' } as const
    const partner = {
      state: 'partner-down',
      since: '2026-11-27T03:00:00.000Z',
      startup: false,
      partnerDownSince: null,
    } as const
    for (const each of [
      { ...pair, commands: { ...pair.commands, declarePartnerDown } },
      { ...pair, partner },
    ]) {
      expect(leasesAtRisk(each, [offices]).most).toBeUndefined()
    }
  })
})

it('tells the other way round what the partner has not acknowledged', () => {
  const since = '2026-11-27T03:00:00.000Z'
  const risk = leasesAtRisk({ ...pair, updatesOwed: '12', oldestUpdateOwedSince: since }, [])
  expect(risk).toMatchObject({ unacknowledged: '12', unacknowledgedSince: since })
})
