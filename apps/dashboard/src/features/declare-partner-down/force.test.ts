/** What is asked of whoever forces the command. */
import type { Relationship } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { relationshipsIn } from '../../mock-api/relationships.ts'
import { forceWords, mayBeDownSince } from './force.ts'

const [degraded] = relationshipsIn('degraded')
if (degraded === undefined) throw new Error('the fixtures have a pair')
const pair = degraded

function needing(
  forceAdmits: Relationship['commands']['declarePartnerDown']['forceAdmits'],
  state: Relationship['state'] = 'communications-interrupted',
): Relationship {
  const declarePartnerDown = { allowed: true, needsForce: forceAdmits !== null, forceAdmits, because: 'so it is' }
  return { ...pair, state, commands: { ...pair.commands, declarePartnerDown } }
}

describe('forcing the command', () => {
  it('asks whether a partner that was not heard since the start served alone, and lets the time be told', () => {
    const unheard = needing('leases-may-be-missing')
    expect(forceWords(unheard)).toContain(`${pair.partnerName} has not served alone`)
    expect(mayBeDownSince(unheard)).toBe(true)
  })

  it('asks for leases that are missing where memory was lost, and takes no time', () => {
    for (const state of ['recover', 'resolution-interrupted'] as const) {
      expect(forceWords(needing('leases-may-be-missing', state))).toContain('leases may be missing')
      expect(mayBeDownSince(needing('leases-may-be-missing', state))).toBe(false)
    }
  })

  it('takes no time of a partner in contact, and any where no force is needed', () => {
    expect(forceWords(needing('partner-in-contact', 'normal'))).toContain('in contact right now')
    expect(mayBeDownSince(needing('partner-in-contact', 'normal'))).toBe(false)
    expect(mayBeDownSince(needing(null))).toBe(true)
  })
})
