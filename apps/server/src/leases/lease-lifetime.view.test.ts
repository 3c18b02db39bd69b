/** The reason of a lifetime in words, for each way it can come about. */
import { instant, type LifetimeRule } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { sentenceOf } from './lease-lifetime.view.ts'

const rule: LifetimeRule = {
  desiredSeconds: 259_200,
  limitedBy: 'mclt',
  rule: 'RFC 8156 4.4',
  state: 'NORMAL',
  mcltSeconds: 3600,
}

const say = (more: Partial<LifetimeRule>, validSeconds: number, remainingSeconds = 0): string =>
  sentenceOf({
    grantedBy: 'this-server',
    at: instant(0),
    validSeconds,
    remainingSeconds,
    ackedPartnerLifetime: undefined,
    rule: { ...rule, ...more },
  })

describe('why a lease runs for so long', () => {
  it('names the bound where it shortened the lease', () => {
    expect(say({}, 3600)).toBe(
      '1 h instead of the configured 3 d: the partner had acknowledged nothing beyond that moment, and a lease may run the ' +
        'maximum client lead time (1 h) ahead of that.',
    )
  })

  it('names the bound where it did not', () => {
    expect(say({ limitedBy: 'configuration' }, 259_200, 259_200)).toBe(
      '3 d, as configured: the partner had acknowledged 3 d beyond that moment, and a lease may run the maximum client lead ' +
        'time (1 h) ahead of that, which was enough.',
    )
  })

  it('says that the pool was being drained', () => {
    expect(say({ limitedBy: 'drain', state: undefined }, 1800)).toBe(
      '30 min instead of the configured 3 d: the pool was being drained, and what had been promised before was not extended.',
    )
  })

  it('says that nothing limits it alone', () => {
    const free = { limitedBy: 'configuration', mcltSeconds: undefined } as const
    expect(say({ ...free, state: 'PARTNER-DOWN' }, 259_200)).toContain('in PARTNER-DOWN nothing limits it')
    expect(say({ ...free, state: undefined }, 259_200)).toContain('belongs to no relationship')
  })

  it('says that the partner gave it', () => {
    expect(sentenceOf({ grantedBy: 'partner', at: instant(0), validSeconds: 60 })).toContain('The partner gave 1 min')
  })
})
