/** The pair `demo` as alpha sees it, in each situation. */
import type { Relationship, Transition } from '@tandem/api-contract'
import { inNormal, notInNormal } from './commands.ts'
import { betaIsSilent, betaSays } from './partner-views.ts'
import type { Scenario } from './scenario.ts'
import { inSeconds, secondsAgo } from './times.ts'

const transition = (
  id: string,
  secondsBefore: number,
  from: Transition['from'],
  to: Transition['to'],
  cause: string,
  rule: string,
  operator: string | null = null,
): Transition => ({
  id,
  relationship: 'demo',
  at: secondsAgo(secondsBefore),
  from,
  to,
  cause,
  rule,
  inputs: { communicationsOk: to === 'normal' },
  operator,
})

const past: readonly Transition[] = [
  transition('2', 5400, 'startup', 'normal', 'beta is in contact and says NORMAL', 'RFC 8156 8.2.2'),
  transition('1', 5412, 'normal', 'startup', 'the server was started', 'RFC 8156 8.2.1'),
]

const interrupted = (secondsBefore: number): Transition =>
  transition(
    '3',
    secondsBefore,
    'normal',
    'communications-interrupted',
    'no message from beta for 8 s',
    'RFC 8156 8.4.2',
  )

const declared = (secondsBefore: number): Transition =>
  transition(
    '4',
    secondsBefore,
    'communications-interrupted',
    'partner-down',
    'declared by an operator',
    'RFC 8156 8.5.1',
    'ada',
  )

const fingerprint = (first: number): string =>
  Array.from({ length: 32 }, (_, index) =>
    ((index * 29 + first) % 256).toString(16).padStart(2, '0').toUpperCase(),
  ).join(':')

/** beta's ends soon. */
const certificates: Relationship['connection']['certificates'] = {
  own: { names: ['alpha'], endsAt: inSeconds(3_120 * 86_400), fingerprint: fingerprint(7) },
  partner: { names: ['beta'], endsAt: inSeconds(21.5 * 86_400), fingerprint: fingerprint(91) },
  problem: null,
}

export const normal: Relationship = {
  name: 'demo',
  role: 'primary',
  serverName: 'alpha',
  partnerName: 'beta',
  partnerRole: 'secondary',
  headline: { level: 'ok', sentence: 'OK — alpha and beta serve as one.' },
  clientsNow: { answered: 'all', sentence: 'alpha answers every client; beta answers those that name it.' },
  next: [],
  notes: [],
  state: 'normal',
  stateSince: secondsAgo(5400),
  previousState: 'startup',
  partnerDownSince: null,
  answers: 'everyone',
  activeStandby: false,
  partner: { state: 'normal', since: secondsAgo(5400), startup: false, partnerDownSince: null },
  partnerConsoleUrl: 'http://127.0.0.1:8068',
  partnerView: betaSays({ state: 'normal', stateSince: secondsAgo(5400), answers: 'own-identifier' }),
  communicationsOk: true,
  lastHeardFromPartnerAt: secondsAgo(1),
  connection: {
    phase: 'established',
    since: secondsAgo(5402),
    secured: true,
    transport: 'tls',
    lastProblem: null,
    certificates,
  },
  partnerInformed: true,
  clockSkewMs: 34,
  unansweredClients: { count: 0, alarmAt: 5, alarm: false },
  mcltSeconds: 60,
  keepaliveSeconds: 8,
  updatesOwed: '3',
  oldestUpdateOwedSince: secondsAgo(1),
  updatesUnacked: '2',
  partnerMaxUnackedUpdates: 20,
  messages: {
    received: { CONNECTREPLY: '1', STATE: '3', CONTACT: '676', BNDUPD: '1204', BNDREPLY: '2981' },
    sent: { CONNECT: '1', STATE: '3', CONTACT: '671', BNDUPD: '2983', BNDREPLY: '1204' },
  },
  updatesRejected: [{ by: 'partner', status: 'OutdatedBindingInformation', count: '2' }],
  connectionChanges: { established: '1' },
  resync: null,
  imbalances: [{ pool: '2001:db8:8000::/48', direction: 'give', leases: '12' }],
  drainingPools: [],
  handedOver: null,
  deadlines: [],
  commands: {
    declarePartnerDown: {
      allowed: true,
      needsForce: true,
      forceAdmits: 'partner-in-contact',
      because: 'beta is in contact: it can be declared down only by force.',
    },
    ...inNormal,
  },
  transitions: [...past],
  commitNumber: '48213',
  publishedAt: secondsAgo(0),
}

const away: Partial<Relationship> = {
  communicationsOk: false,
  connection: {
    phase: 'waiting-to-dial',
    since: secondsAgo(4),
    secured: false,
    transport: 'tls',
    lastProblem: 'connection refused (127.0.0.1:6472)',
    certificates,
  },
  partnerInformed: false,
  clockSkewMs: null,
  unansweredClients: { count: 0, alarmAt: 5, alarm: false },
  updatesOwed: '147',
  oldestUpdateOwedSince: secondsAgo(40),
  updatesUnacked: '0',
  partnerView: betaIsSilent(41),
}

const degraded: Relationship = {
  ...normal,
  ...away,
  headline: {
    level: 'degraded',
    sentence: 'Degraded — alpha serves without beta. No contact with beta for 42 s. Clients are being answered.',
  },
  clientsNow: { answered: 'all', sentence: 'alpha answers every client that does not name beta.' },
  state: 'communications-interrupted',
  stateSince: secondsAgo(34),
  previousState: 'normal',
  lastHeardFromPartnerAt: secondsAgo(42),
  next: [
    {
      what: 'alpha tries again to reach beta',
      trigger: 'the reconnect interval ends',
      at: inSeconds(6),
    },
    {
      what: 'the last clients of beta have turned to alpha by REBIND',
      trigger: 'T2 of their leases, 60 seconds at most',
      at: inSeconds(18),
    },
    { what: 'both return to NORMAL', trigger: 'beta is in contact again', at: null },
    {
      what: 'alpha goes to PARTNER-DOWN',
      trigger: 'you declare beta down, being sure that it does not run',
      at: null,
    },
  ],
  notes: [
    'A RENEW that names beta’s identifier stays unanswered here, as the standard demands. Its clients rebind at T2 (60 seconds at most after their last renewal) and keep their addresses and prefixes.',
    'alpha gives new clients only what it holds free itself, and extends a lease by the MCLT (60 seconds) at most beyond what beta has acknowledged.',
  ],
  deadlines: [{ kind: 'redial', at: inSeconds(6) }],
  commands: {
    declarePartnerDown: {
      allowed: true,
      needsForce: false,
      forceAdmits: null,
      because: 'Only if you are sure that beta does not run.',
    },
    ...notInNormal,
  },
  transitions: [interrupted(34), ...past],
}

const partnerDown: Relationship = {
  ...degraded,
  headline: {
    level: 'degraded',
    sentence: 'Degraded — alpha serves alone: beta was declared down 25 s ago. Clients are being answered.',
  },
  state: 'partner-down',
  partnerDownSince: secondsAgo(25),
  stateSince: secondsAgo(25),
  previousState: 'communications-interrupted',
  lastHeardFromPartnerAt: secondsAgo(96),
  partnerView: betaIsSilent(95),
  next: [
    {
      what: 'alpha may also delegate the prefixes that beta held free',
      trigger: 'the MCLT has passed since PARTNER-DOWN began',
      at: inSeconds(35),
    },
    {
      what: 'beta fetches what it missed, waits, and both return to NORMAL',
      trigger: 'beta is started again',
      at: null,
    },
  ],
  notes: [
    ...degraded.notes.slice(0, 1),
    'beta does not know yet: it hears of this in the first STATE message after it connects.',
  ],
  deadlines: [
    { kind: 'redial', at: inSeconds(3) },
    { kind: 'partner-pool-usable', at: inSeconds(35) },
  ],
  commands: {
    declarePartnerDown: {
      allowed: false,
      needsForce: false,
      forceAdmits: null,
      because: 'alpha is in PARTNER-DOWN already.',
    },
    ...notInNormal,
  },
  transitions: [declared(25), interrupted(88), ...past],
}

const recovering: Relationship = {
  ...normal,
  headline: {
    level: 'degraded',
    sentence: 'Degraded — alpha serves alone while beta recovers (RECOVER-WAIT). Clients are being answered.',
  },
  clientsNow: { answered: 'all', sentence: 'alpha answers every client that does not name beta.' },
  state: 'partner-down',
  partnerDownSince: secondsAgo(310),
  stateSince: secondsAgo(310),
  previousState: 'communications-interrupted',
  partner: { state: 'recover-wait', since: secondsAgo(11), startup: false, partnerDownSince: null },
  partnerView: betaSays({
    state: 'recover-wait',
    stateSince: secondsAgo(11),
    answers: 'nobody',
    partner: { state: 'partner-down', since: secondsAgo(310), startup: false },
  }),
  next: [{ what: 'both return to NORMAL', trigger: 'beta has finished recovering', at: null }],
  resync: { direction: 'sending', done: '212', total: '340' },
  updatesOwed: '128',
  oldestUpdateOwedSince: secondsAgo(3),
  updatesUnacked: '20',
  commands: {
    declarePartnerDown: {
      allowed: false,
      needsForce: false,
      forceAdmits: null,
      because: 'alpha is in PARTNER-DOWN already.',
    },
    ...notInNormal,
  },
  transitions: [declared(310), interrupted(388), ...past],
}

/** alpha itself was away: beta serves, and what alpha promised before has to run out. */
const waiting: Relationship = {
  ...normal,
  headline: {
    level: 'degraded',
    sentence:
      'Degraded — alpha has what it missed and waits, so that no promise from before its failure can clash. Clients are being answered by beta.',
  },
  clientsNow: { answered: 'none', sentence: 'alpha answers no client in RECOVER-WAIT; beta does.' },
  answers: 'nobody',
  state: 'recover-wait',
  stateSince: secondsAgo(14),
  previousState: 'recover',
  partner: { state: 'partner-down', since: secondsAgo(190), startup: false, partnerDownSince: secondsAgo(190) },
  next: [
    {
      what: 'alpha goes to RECOVER-DONE, then with beta to NORMAL',
      trigger: 'every promise from before the failure has run out',
      at: inSeconds(41),
    },
  ],
  deadlines: [{ kind: 'recover-wait-ends', at: inSeconds(41) }],
  clockSkewMs: 4300,
  commands: {
    declarePartnerDown: {
      allowed: false,
      needsForce: false,
      forceAdmits: null,
      because: 'Leases that this server may have granted before it failed have to run out first.',
    },
    ...notInNormal,
  },
  transitions: [
    transition('8', 14, 'recover', 'recover-wait', 'The partner has told all that was asked for.', 'RFC 8156 8.5.2'),
    transition('7', 16, 'startup', 'recover', 'The partner has been heard.', 'RFC 8156 8.3.2'),
    ...past,
  ],
}

export function relationshipsIn(scenario: Scenario): readonly Relationship[] {
  switch (scenario) {
    case 'empty':
      return []
    case 'degraded':
      return [degraded]
    case 'partner-down':
      return [partnerDown]
    case 'recovering':
      return [recovering]
    case 'recover-wait':
      return [waiting]
    case 'normal':
    case 'young':
    case 'error':
    case 'setup':
      return [normal]
  }
}

/** What a declaration leads to. */
export function declaredDown(
  relationship: Relationship,
  operator: string,
  reason: string,
  downSince: string = new Date().toISOString(),
): Relationship {
  return {
    ...relationship,
    state: 'partner-down',
    stateSince: new Date().toISOString(),
    partnerDownSince: downSince,
    previousState: relationship.state,
    headline: {
      level: 'degraded',
      sentence: 'Degraded — alpha serves alone: beta was declared down 0 s ago. Clients are being answered.',
    },
    next: partnerDown.next,
    notes: partnerDown.notes,
    commands: partnerDown.commands,
    transitions: [
      {
        ...declared(0),
        id: String(Date.now()),
        at: new Date().toISOString(),
        from: relationship.state,
        operator,
        cause: `declared by an operator: ${reason}`,
      },
      ...relationship.transitions,
    ],
    publishedAt: new Date().toISOString(),
  }
}
