/** The worked example of RFC 8156 section 4.4.1 between two whole servers, with its numbers, and its two variants. */
import {
  clientIdOption,
  duidFromHex,
  encodeDatagram,
  iaAddressOption,
  iaNaOption,
  MessageType,
  option,
  serverIdOption,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair, TEST_START, testRelationship, testConfiguration } from '../../test-support/failover-pair.ts'
import { explainLifetime } from '../bindings/explain-lifetime.ts'
import type { Binding } from '../bindings/binding.ts'
import type { EngineConfiguration } from '../configuration/configuration.ts'
import type { Role } from '../configuration/configuration.ts'
import { addSeconds, type Instant } from '../time/instant.ts'

const HOUR = 3600
const THREE_DAYS = 259_200
const settings = { mcltSeconds: HOUR, keepaliveSeconds: 60, reconnectSeconds: 3600 }

/** T1 is half of what the client gets, as in the example: preferred equals valid. */
function configuration(role: Role): EngineConfiguration {
  const whole = testConfiguration(testRelationship(role, settings))
  const lifetimes = { validSeconds: THREE_DAYS, preferredSeconds: THREE_DAYS, t1Fraction: 0.5, t2Fraction: 0.8 }
  return { ...whole, subnets: whole.subnets.map((subnet) => ({ ...subnet, lifetimes })) }
}

class Story {
  readonly pair = new FailoverPair({ both: settings })
  readonly t: Instant

  constructor() {
    this.pair.primary.configuration = configuration('primary')
    this.pair.secondary.configuration = configuration('secondary')
    this.pair.startBoth()
    this.pair.run(10)
    expect(this.pair.states()).toBe('NORMAL / NORMAL')
    this.t = this.pair.now
    this.pair.requestAddress('primary', 1)
  }

  /** In steps of ten seconds, so that keepalives are sent and heard. */
  until(seconds: number): void {
    while (this.pair.now < addSeconds(this.t, seconds)) {
      this.pair.now = addSeconds(this.pair.now, Math.min(10, (addSeconds(this.t, seconds) - this.pair.now) / 1000))
      this.pair.settle()
    }
  }

  renew(): void {
    const { pair } = this
    const held = option(iaAddressOption, {
      address: this.lease('primary').prefix.address,
      preferredLifetime: 0,
      validLifetime: 0,
      options: [],
    })
    const bytes = encodeDatagram({
      kind: 'client-server',
      type: MessageType.Renew,
      transactionId: 9,
      options: [
        option(clientIdOption, duidFromHex('00030001020000000001')),
        option(serverIdOption, pair.primary.configuration.serverDuid),
        option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [held] }),
      ],
    })
    const from = { address: 'fe80::1%eth0', port: 546 }
    pair.handle('primary', { kind: 'datagram-received', listenerId: 'eth0', from, bytes, arrivedAt: pair.now })
    pair.settle()
  }

  lease(role: Role): Binding {
    const [lease] = this.pair.server(role).bindings.values()
    if (lease === undefined) throw new Error('an address was granted')
    return lease
  }

  at(seconds: number): Instant {
    return addSeconds(this.t, seconds)
  }
}

describe('the worked example between two servers', () => {
  it('gives one hour, then three days twice, with the partner lifetimes that the example has', () => {
    const story = new Story()
    expect(story.lease('primary')).toMatchObject({
      validSeconds: HOUR,
      preferredSeconds: HOUR,
      t1Seconds: 1800,
      t2Seconds: 2880,
    })
    expect(story.lease('primary').statusExpiresAt).toBe(story.at(3600))
    expect(story.lease('primary').ackedPartnerLifetime).toBe(story.at(261_000))
    expect(story.lease('secondary').expirationTime).toBe(story.at(261_000))
    expect(explainLifetime(story.lease('primary'))).toEqual({
      grantedBy: 'this-server',
      at: story.t,
      validSeconds: HOUR,
      ackedPartnerLifetime: undefined,
      remainingSeconds: 0,
      rule: { desiredSeconds: THREE_DAYS, limitedBy: 'mclt', rule: 'RFC 8156 4.4', state: 'NORMAL', mcltSeconds: HOUR },
    })
    expect(explainLifetime(story.lease('secondary'))).toEqual({ grantedBy: 'partner', at: story.t, validSeconds: HOUR })

    story.until(1800)
    story.renew()
    expect(story.lease('primary')).toMatchObject({ validSeconds: THREE_DAYS, t1Seconds: 129_600, t2Seconds: 207_360 })
    expect(story.lease('primary').ackedPartnerLifetime).toBe(story.at(390_600))
    expect(story.lease('secondary').expirationTime).toBe(story.at(390_600))
    expect(explainLifetime(story.lease('primary'))).toMatchObject({
      at: story.at(1800),
      ackedPartnerLifetime: story.at(261_000),
      remainingSeconds: THREE_DAYS,
      rule: { limitedBy: 'configuration', desiredSeconds: THREE_DAYS },
    })

    story.until(131_400)
    story.renew()
    expect(story.lease('primary')).toMatchObject({ validSeconds: THREE_DAYS, statusExpiresAt: story.at(390_600) })
  })

  it('stays within MCLT of what the partner knows when the primary dies before it has told a renewal', () => {
    const story = new Story()
    story.until(1800)
    story.pair.passes = (_from, message) => message.type !== MessageType.Bndupd
    story.renew()
    story.pair.kill('primary')
    const promised = story.lease('primary').statusExpiresAt
    expect(promised).toBe(story.at(261_000))
    // What the secondary holds is the update from before; a client may not run further than MCLT beyond it.
    expect(story.lease('secondary').expirationTime).toBe(story.at(261_000))
    expect(promised).toBeLessThanOrEqual(addSeconds(story.lease('secondary').expirationTime ?? TEST_START, HOUR))
  })

  it('falls back to one hour once acknowledgements have stopped', () => {
    const story = new Story()
    story.until(1800)
    story.renew()
    story.pair.kill('secondary')
    story.until(131_400)
    story.renew()
    expect(story.lease('primary').validSeconds).toBe(THREE_DAYS)
    story.pair.now = story.at(400_000)
    story.pair.settle()
    story.pair.requestAddress('primary', 1)
    expect(story.pair.view('primary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(story.lease('primary')).toMatchObject({
      status: 'ACTIVE',
      validSeconds: HOUR,
      t1Seconds: 1800,
      t2Seconds: 2880,
    })
    expect(explainLifetime(story.lease('primary'))).toMatchObject({
      remainingSeconds: 0,
      rule: { limitedBy: 'mclt', state: 'COMMUNICATIONS-INTERRUPTED' },
    })
  })

  it('knows no bound in PARTNER-DOWN', () => {
    const story = new Story()
    story.pair.kill('secondary')
    story.pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    story.renew()
    expect(story.lease('primary').validSeconds).toBe(THREE_DAYS)
    expect(explainLifetime(story.lease('primary'))).toMatchObject({
      rule: { limitedBy: 'configuration', rule: 'RFC 8156 8.4.1', state: 'PARTNER-DOWN', mcltSeconds: undefined },
    })
  })
})
