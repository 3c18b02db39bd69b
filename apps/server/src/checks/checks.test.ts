/** Each finding is good of a pair that works, and says what is wrong and what to do where something is. */
import { Check, routeExamples } from '@tandem/api-contract'
import type {
  AccountSharing,
  ConfigurationComparison,
  Relationship,
  Server,
  TableComparison,
} from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { configurationCheck } from './configuration-check.ts'
import { leasesCheck } from './leases-check.ts'
import { relationshipChecks } from './relationship-checks.ts'
import { serverChecks } from './server-checks.ts'

const NOW = Date.parse('2026-11-28T03:00:00.000Z')
const day = (days: number): string => new Date(NOW + days * 86_400_000).toISOString()
const certificate = (days: number) => ({ names: ['x'], endsAt: day(days), fingerprint: 'AA' })

const listener = { purpose: 'clients', at: 'eth0 port 547', detail: 'multicast on this link', problem: null } as const
const server: Server = {
  ...routeExamples.getServer.answer,
  name: 'alpha',
  stale: false,
  warnings: [],
  consoleCertificate: { fingerprint: 'AA', names: ['alpha'], endsAt: day(200), selfMade: false },
  listeners: [listener, { ...listener, purpose: 'console', at: '[::]:443' }],
}

const example = routeExamples.getRelationship.answer
const told = { ...example.partnerView?.told, version: '1.0.0', clockOffsetMs: 40 }
const pair = {
  ...example,
  name: 'pair',
  serverName: 'alpha',
  partnerName: 'beta',
  communicationsOk: true,
  handedOver: null,
  clockSkewMs: 120,
  connection: {
    ...example.connection,
    phase: 'established',
    secured: true,
    transport: 'tls',
    lastProblem: null,
    certificates: { own: certificate(90), partner: certificate(90), problem: null },
  },
  partnerView: {
    serverName: 'beta',
    channel: { state: 'answers', since: day(-1), problem: null },
    asOf: day(0),
    told,
  },
  updatesRejected: [],
  unansweredClients: { count: 0, alarmAt: 5, alarm: false },
} as Relationship
const sharing: AccountSharing = {
  relationship: 'pair',
  serverName: 'beta',
  state: 'in-step',
  since: day(-1),
  asOf: day(0),
  problem: null,
}

const agreed: TableComparison = {
  ...routeExamples.getTableComparison.answer,
  relationship: 'pair',
  serverName: 'alpha',
  moving: '0',
  differing: '0',
  differences: [],
}

/** Those that are not good; every one of them keeps the contract. */
function standing(checks: readonly Check[]) {
  return checks
    .map((check) => Check.parse(check))
    .filter(({ outcome }) => outcome !== 'good')
    .map(({ subject, outcome, finding, remedy }) => ({ subject, outcome, finding, remedy }))
}

const ofServer = (changes: Partial<Server>) => standing(serverChecks({ ...server, ...changes }, NOW))
const ofPair = (changes: Partial<Relationship>, shared: AccountSharing = sharing, version = '1.0.0') =>
  standing(
    relationshipChecks({
      relationship: { ...pair, ...changes },
      version,
      sharing: shared,
      comparison: agreed,
      nowMs: NOW,
    }),
  )

describe('of a server', () => {
  it('all is good where all is', () => {
    expect(ofServer({})).toEqual([])
    expect(serverChecks(server, NOW).map(({ what }) => what)).toEqual([
      'The part that serves clients',
      'Clients at eth0 port 547',
      'Certificate of the console',
      `Configuration ${server.configuration.file}`,
    ])
  })

  it.each<readonly [string, Partial<Server>, object]>([
    ['stale', { stale: true }, { subject: 'data-plane', outcome: 'bad' }],
    [
      'deaf',
      { listeners: [{ ...listener, problem: 'EADDRINUSE' }] },
      { subject: 'client-listener', outcome: 'bad', finding: 'Nothing is heard: EADDRINUSE.' },
    ],
    [
      'without its channel',
      { listeners: [{ ...listener, purpose: 'channel', problem: 'EADDRNOTAVAIL' }] },
      { subject: 'private-channel', outcome: 'warning' },
    ],
    [
      'with a console certificate that ends',
      { consoleCertificate: { fingerprint: 'AA', names: [], endsAt: day(1.5), selfMade: false } },
      { subject: 'console-certificate', outcome: 'warning', finding: 'It ends on 2026-11-29, in 1 day.' },
    ],
    [
      'with a console certificate that ended',
      { consoleCertificate: { fingerprint: 'AA', names: [], endsAt: day(-1), selfMade: true } },
      { subject: 'console-certificate', outcome: 'bad' },
    ],
    [
      'with warnings',
      { warnings: ['One.', 'Two.'] },
      { subject: 'configuration-file', outcome: 'warning', finding: 'One. Two.' },
    ],
  ])('%s', (_name, changes, expected) => {
    const found = ofServer(changes)
    expect(found).toMatchObject([expected])
    expect(found[0]?.remedy).not.toBeNull()
  })

  it('a certificate of its own making is made anew in time', () => {
    expect(ofServer({ consoleCertificate: { fingerprint: 'AA', names: [], endsAt: day(3), selfMade: true } })).toEqual(
      [],
    )
    expect(ofServer({ consoleCertificate: null })).toEqual([])
  })
})

describe('of a relationship', () => {
  it('all is good where all is', () => {
    expect(ofPair({})).toEqual([])
    expect(ofPair({}, { ...sharing, state: 'own-accounts', problem: 'configured' })).toEqual([])
  })

  const { connection, partnerView } = pair
  it.each<readonly [string, Partial<Relationship>, object]>([
    [
      'without contact',
      {
        communicationsOk: false,
        lastHeardFromPartnerAt: null,
        connection: { ...connection, lastProblem: 'ECONNREFUSED' },
      },
      { subject: 'partner-link', outcome: 'bad', finding: expect.stringContaining('heard never. ECONNREFUSED') },
    ],
    [
      'handed over',
      { communicationsOk: false, handedOver: { since: day(0), operator: 'ada', reason: 'memory' } },
      { subject: 'partner-link', outcome: 'warning', finding: expect.stringContaining('ada') },
    ],
    [
      'without TLS',
      { connection: { ...connection, transport: 'insecure', secured: false, certificates: null } },
      { subject: 'partner-certificates', outcome: 'warning' },
    ],
    [
      'with a partner whose certificate ends',
      {
        connection: { ...connection, certificates: { own: certificate(90), partner: certificate(12), problem: null } },
      },
      { subject: 'partner-certificates', outcome: 'warning', finding: 'It ends on 2026-12-10, in 12 days.' },
    ],
    [
      'with TLS files that cannot be read',
      { connection: { ...connection, certificates: { own: null, partner: null, problem: 'No such file.' } } },
      { subject: 'partner-certificates', outcome: 'warning', finding: expect.stringContaining('No such file.') },
    ],
    ['with a clock that runs off', { clockSkewMs: 2_500 }, { subject: 'clock', outcome: 'warning' }],
    [
      'with a clock far ahead',
      { clockSkewMs: -4_600 },
      { subject: 'clock', outcome: 'bad', finding: expect.stringContaining('beta is 4.6 s ahead') },
    ],
    ['with a channel that is not there', { partnerView: null }, { subject: 'private-channel', outcome: 'warning' }],
    [
      'with a silent channel',
      {
        partnerView: {
          ...example.partnerView,
          ...partnerView,
          channel: { state: 'silent', since: day(0), problem: 'no answer' },
        } as Relationship['partnerView'],
      },
      { subject: 'private-channel', outcome: 'bad', finding: 'Nothing answers: no answer.' },
    ],
    [
      'with refused updates',
      { updatesRejected: [{ by: 'us', status: 'OutdatedBindingInformation', count: '3' }] },
      {
        subject: 'rejected-updates',
        outcome: 'warning',
        finding: 'Refused since this server started: 3 by this server (OutdatedBindingInformation).',
      },
    ],
    [
      'with clients that are not answered',
      { unansweredClients: { count: 7, alarmAt: 5, alarm: true } },
      { subject: 'unanswered-clients', outcome: 'bad', finding: '7 clients keep asking it in vain.' },
    ],
  ])('%s', (_name, changes, expected) => {
    const found = ofPair(changes)
    expect(found).toMatchObject([expected])
    expect(found[0]?.remedy).not.toBeNull()
  })

  it('the clock is taken from the channel where failover has none, and is unknown without both', () => {
    expect(ofPair({ clockSkewMs: null })).toEqual([])
    expect(ofPair({ clockSkewMs: null, partnerView: null })).toMatchObject([
      { subject: 'clock', outcome: 'unknown' },
      { subject: 'private-channel' },
    ])
  })

  it('versions and accounts that are not in step', () => {
    expect(ofPair({}, sharing, '1.1.0')).toMatchObject([
      { subject: 'version', outcome: 'warning', finding: 'alpha runs 1.1.0, beta 1.0.0.' },
    ])
    expect(ofPair({}, { ...sharing, state: 'silent', problem: 'no answer' })).toMatchObject([
      { subject: 'accounts', outcome: 'warning', finding: 'They are not in step: no answer.' },
    ])
    expect(ofPair({}, { ...sharing, problem: 'a role is not known' })).toMatchObject([
      { finding: 'Not all of them are: a role is not known.' },
    ])
  })
})

describe('of both configurations', () => {
  const compared: ConfigurationComparison = routeExamples.compareConfigurations.answer
  const check = (changes: Partial<ConfigurationComparison>) =>
    Check.parse(configurationCheck({ ...compared, ...changes }))
  const [must, should] = compared.differences

  it('says how far they differ, and how much it matters', () => {
    if (must === undefined || should === undefined) throw new Error('the example has both')
    expect(check({})).toMatchObject({ outcome: 'bad', finding: '2 of 31 settings differ.' })
    expect(check({ differences: [should] })).toMatchObject({ outcome: 'warning' })
    expect(check({ differences: [{ ...should, weight: 'one-is-in-force' }] })).toMatchObject({
      outcome: 'good',
      remedy: null,
    })
    expect(check({ differences: [], differing: '0' })).toMatchObject({ outcome: 'good' })
    expect(check({ outcome: 'unavailable', problem: 'no answer', differences: [] })).toMatchObject({
      outcome: 'unknown',
      finding: 'They could not be compared: no answer.',
    })
  })
})

describe('all leases, compared', () => {
  const found = routeExamples.getTableComparison.answer

  it('are a finding once they were compared to the end, and say what differed', () => {
    expect(leasesCheck(agreed)).toMatchObject([
      { subject: 'leases-match', outcome: 'good', finding: 'All 2515 agreed at 2026-11-27T03:12:15.412Z.' },
    ])
    expect(leasesCheck(found)).toMatchObject([
      {
        outcome: 'warning',
        finding: '2 of 2515 differed at 2026-11-27T03:12:15.412Z.',
        remedy: 'See them, and what to do, on the page of alpha-beta.',
      },
    ])
    expect(leasesCheck(routeExamples.repairTableComparison.answer)).toMatchObject([
      {
        finding: expect.stringContaining('beta was told again of 2 at'),
        remedy: expect.stringMatching(/^Compare again/u),
      },
    ])
  })

  it('are not all alike where some were changing', () => {
    expect(leasesCheck({ ...agreed, moving: '3' })).toMatchObject([
      { outcome: 'good', finding: expect.stringContaining('3 were changing and could not be compared') },
    ])
  })

  it('are none where they were not compared, and unknown where the partner could not be asked', () => {
    for (const state of ['never', 'running', 'cancelled'] as const) expect(leasesCheck({ ...found, state })).toEqual([])
    expect(leasesCheck({ ...found, state: 'failed', problem: 'no answer within 3 s' })).toMatchObject([
      { outcome: 'unknown', finding: 'They could not be compared: no answer within 3 s.' },
    ])
  })
})
