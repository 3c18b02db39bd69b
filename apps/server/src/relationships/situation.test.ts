/** The plain words, for every state with the partner in contact, lost, and never heard. */
import { instant } from '@tandem/engine'
import type { EndpointState, RecordedState, RelationshipSnapshot } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { describeSituation } from './situation.ts'
import type { SituationFacts } from './situation.ts'
import { noCommands } from '../http/test-support/no-commands.ts'

const now = Date.UTC(2026, 10, 21, 3, 0, 0)
const ago = (seconds: number) => instant(now - seconds * 1000)

type Contact = 'in contact' | 'lost' | 'never heard'

function snapshot(
  state: EndpointState,
  contact: Contact,
  more: Partial<RelationshipSnapshot> = {},
): RelationshipSnapshot {
  const silent: readonly EndpointState[] = ['STARTUP', 'RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE', 'POTENTIAL-CONFLICT']
  return {
    name: 'main',
    role: 'secondary',
    partnerName: 'alpha',
    state,
    stateSince: ago(1080),
    previousState: 'NORMAL',
    answers: silent.includes(state) ? 'nobody' : state === 'NORMAL' ? 'own-identifier' : 'everyone',
    partner: contact === 'never heard' ? undefined : partnerIn('NORMAL'),
    activeStandby: false,
    blind: undefined,
    communicationsOk: contact === 'in contact',
    lastHeardFromPartnerAt: contact === 'never heard' ? undefined : contact === 'lost' ? ago(1090) : ago(1),
    connection: { phase: 'listening', since: ago(1080), secured: false, lastProblem: undefined },
    partnerInformed: contact === 'in contact',
    clockSkewMs: undefined,
    unansweredClients: { count: 0, alarmAt: 5, alarm: false },
    mcltSeconds: 60,
    updatesOwed: 0,
    oldestUpdateOwedSince: undefined,
    updatesUnacked: 0,
    partnerMaxUnackedUpdates: undefined,
    resync: undefined,
    deadlines: [],
    imbalances: undefined,
    handedOver: undefined,
    commands: {
      ...noCommands,
      declarePartnerDown: { allowed: true, needsForce: false, because: 'the partner is out of contact' },
    },
    ...more,
  }
}

function partnerIn(state: RecordedState) {
  return { state, since: ago(60), startup: false, ackStartup: false, communicated: true, partnerDownSince: undefined }
}

const facts = (of: RelationshipSnapshot): SituationFacts => ({
  serverName: 'beta',
  snapshot: of,
  nowMs: now,
  rebindSecondsMax: 2000,
  transport: 'tls',
  certificates: undefined,
})

const say = (state: EndpointState, contact: Contact, more: Partial<RelationshipSnapshot> = {}) =>
  describeSituation(facts(snapshot(state, contact, more)))

const expected: readonly (readonly [EndpointState, Contact, string, 'all' | 'some' | 'none'])[] = [
  ['STARTUP', 'never heard', 'Degraded — beta is starting: it listens for alpha before it answers clients.', 'none'],
  ['NORMAL', 'in contact', 'OK — beta and alpha serve as one.', 'some'],
  ['NORMAL', 'lost', 'Degraded — No contact with alpha for 18 min. beta answers only clients that name it.', 'some'],
  [
    'COMMUNICATIONS-INTERRUPTED',
    'lost',
    'Degraded — beta serves without alpha. No contact with alpha for 18 min. Clients are being answered.',
    'all',
  ],
  [
    'COMMUNICATIONS-INTERRUPTED',
    'never heard',
    'Degraded — beta serves without alpha. alpha has never been heard. Clients are being answered.',
    'all',
  ],
  [
    'PARTNER-DOWN',
    'lost',
    'Degraded — beta serves alone: alpha was declared down 18 min ago. Clients are being answered.',
    'all',
  ],
  [
    'PARTNER-DOWN',
    'never heard',
    'Degraded — beta serves alone: alpha has never been heard. Clients are being answered.',
    'all',
  ],
  [
    'PARTNER-DOWN',
    'in contact',
    'Degraded — beta serves alone while alpha recovers (NORMAL). Clients are being answered.',
    'all',
  ],
  [
    'POTENTIAL-CONFLICT',
    'lost',
    'Down — both servers may have served alone; they compare their leases. beta answers no clients.',
    'none',
  ],
  [
    'CONFLICT-DONE',
    'in contact',
    'Degraded — beta has settled the comparison; alpha still has to. Clients are being answered.',
    'all',
  ],
  [
    'RESOLUTION-INTERRUPTED',
    'lost',
    'At risk — the comparison of leases was cut off. No contact with alpha for 18 min. Clients are being answered.',
    'all',
  ],
  [
    'RECOVER',
    'in contact',
    'Degraded — beta fetches what it missed from alpha. Clients are being answered by alpha.',
    'none',
  ],
  [
    'RECOVER',
    'lost',
    'Down — beta may not serve before it has fetched from alpha what it missed. No contact with alpha for 18 min. beta answers no clients.',
    'none',
  ],
  [
    'RECOVER-WAIT',
    'in contact',
    'Degraded — beta has what it missed and waits, so that no promise from before its failure can clash. Clients are being answered by alpha.',
    'none',
  ],
  [
    'RECOVER-DONE',
    'in contact',
    'Degraded — beta has recovered and waits for alpha to go on together. Clients are being answered by alpha.',
    'none',
  ],
]

describe('the situation in words', () => {
  it.each(expected)('%s with the partner %s: %s', (state, contact, sentence, answered) => {
    const situation = say(state, contact)
    expect(situation.headline.sentence).toBe(sentence)
    expect(situation.clientsNow.answered).toBe(answered)
  })

  it('tells how far the fetching is', () => {
    const { headline } = say('RECOVER', 'in contact', { resync: { direction: 'receiving', done: 20, total: 300 } })
    expect(headline.sentence).toContain('fetches what it missed from alpha (20 of 300 leases).')
  })

  it('says that nobody answers when the server is silent and its partner too', () => {
    const { clientsNow } = say('RECOVER', 'in contact', { partner: partnerIn('RECOVER') })
    expect(clientsNow).toEqual({ answered: 'none', sentence: 'beta answers no client in RECOVER.' })
  })

  it('warns of the RENEW that stays unanswered while the server serves without its partner, and only then', () => {
    const warning =
      "A RENEW that names alpha's identifier stays unanswered here, as the standard demands. " +
      'Its clients rebind at T2 (33 min 20 s at most after their last renewal) and keep their addresses and prefixes.'
    expect(say('COMMUNICATIONS-INTERRUPTED', 'lost').notes).toContain(warning)
    expect(say('PARTNER-DOWN', 'lost').notes).toContain(warning)
    expect(say('NORMAL', 'in contact').notes).toEqual([])
  })

  it('says when the last clients of the partner have turned to this server', () => {
    const [first] = say('COMMUNICATIONS-INTERRUPTED', 'lost').next
    expect(first).toEqual({
      what: 'the last clients of alpha have turned to beta by REBIND',
      trigger: 'T2 of their leases, 33 min 20 s at most',
      at: '2026-11-21T03:15:10.000Z',
    })
    expect(say('COMMUNICATIONS-INTERRUPTED', 'never heard').next.every(({ at }) => at === null)).toBe(true)
  })

  it('lists what a clock decides first, in the order of time', () => {
    const { next } = say('COMMUNICATIONS-INTERRUPTED', 'lost', {
      deadlines: [
        { kind: 'auto-partner-down', at: instant(now + 50_000) },
        { kind: 'redial', at: instant(now + 5_000) },
      ],
    })
    expect(next.map(({ what }) => what)).toEqual([
      'beta tries again to reach alpha',
      'beta declares alpha down by itself',
      'the last clients of alpha have turned to beta by REBIND',
      'both return to NORMAL',
      'beta goes to PARTNER-DOWN',
    ])
  })

  it('says nothing of an update that is waited for as usual, and warns when it waits long', () => {
    const stalls = (inMs: number) =>
      say('NORMAL', 'in contact', { deadlines: [{ kind: 'acknowledgement-stall', at: instant(now + inMs) }] }).next
    expect(stalls(59_000)).toEqual([])
    expect(stalls(20_000).map(({ what }) => what)).toEqual(['beta goes to COMMUNICATIONS-INTERRUPTED'])
  })

  it('does not offer to declare the partner down where the engine would refuse', () => {
    const refused = { ...noCommands, declarePartnerDown: { allowed: false as const, because: 'not now' } }
    const { next } = say('COMMUNICATIONS-INTERRUPTED', 'lost', { commands: refused })
    expect(next.map(({ what }) => what)).not.toContain('beta goes to PARTNER-DOWN')
  })

  it('says what is not given while it is unknown what a partner gave that served alone', () => {
    const isSaid = ({ notes }: { readonly notes: readonly string[] }) =>
      notes.some((note) => note.startsWith('If alpha had served alone before, beta gives no prefixes to new clients'))
    expect(isSaid(say('RESOLUTION-INTERRUPTED', 'lost'))).toBe(true)
    expect(isSaid(say('COMMUNICATIONS-INTERRUPTED', 'lost'))).toBe(false)
  })

  it('says of a server that is handed over who serves, by whose word, and how it ends', () => {
    const handedOver = { since: instant(now - 90_000), operator: 'ann', reason: 'new memory' }
    const about = say('COMMUNICATIONS-INTERRUPTED', 'lost', { answers: 'nobody', handedOver })
    expect(about.headline).toEqual({
      level: 'degraded',
      sentence: 'Degraded — beta was handed over by ann 1 min ago; alpha serves alone.',
    })
    expect(about.clientsNow.answered).toBe('none')
    expect(about.next.map(({ trigger }) => trigger)).toContain('you take service back')
    expect(about.notes[0]).toContain('Handed over for: new memory.')
    // It gives nobody anything meanwhile.
    expect(about.notes.some((note) => note.includes('gives new clients'))).toBe(false)
  })

  it('tells of a skewed clock, of an open transport and of the last trouble', () => {
    const base = facts(
      snapshot('COMMUNICATIONS-INTERRUPTED', 'lost', {
        clockSkewMs: -3400,
        connection: { phase: 'waiting-to-dial', since: ago(3), secured: false, lastProblem: 'connection refused' },
      }),
    )
    const { notes } = describeSituation({ ...base, transport: 'insecure' })
    expect(notes.some((note) => note.includes('differ by 3.4 s'))).toBe(true)
    expect(notes.some((note) => note.includes('not encrypted'))).toBe(true)
    expect(notes).toContain('Last trouble with the connection to alpha: connection refused.')
  })

  it('says that a blind server answers nobody and why, whatever its state would let it', () => {
    const because = 'This server hears no client: interface eth0 has no carrier.'
    const { headline, clientsNow, next } = say('COMMUNICATIONS-INTERRUPTED', 'lost', {
      blind: { since: ago(60), because },
    })
    expect(headline).toEqual({
      level: 'down',
      sentence: `Down — beta hears no client and has left alpha to serve. ${because}`,
    })
    expect(clientsNow).toEqual({ answered: 'none', sentence: 'beta hears no client.' })
    expect(next.map(({ what }) => what)).toContain('beta goes back to alpha')
  })

  it('names the suspicion when clients keep asking the primary in vain', () => {
    const { headline, notes } = say('NORMAL', 'in contact', {
      unansweredClients: { count: 7, alarmAt: 5, alarm: true },
    })
    expect(headline).toEqual({
      level: 'at-risk',
      sentence:
        'At risk — 7 clients keep asking alpha in vain, though it is in contact: perhaps it does not hear them, or has no lease for them.',
    })
    expect(notes[0]).toContain('Look at alpha')
  })

  it('says which certificate ends within thirty days, which has ended, and which files are broken', () => {
    const ending = (days: number) => ({ names: ['x'], fingerprint: 'AB', endsAtMs: now + days * 86_400_000 })
    const notesWith = (own: number, partner: number, problem?: string) =>
      describeSituation({
        ...facts(snapshot('NORMAL', 'in contact')),
        certificates: { relationship: 'main', own: ending(own), partner: ending(partner), problem },
      }).notes
    expect(notesWith(31, 31)).toEqual([])
    expect(notesWith(29, -1, 'It cannot be read.')).toEqual([
      'The certificate of beta ends on 2026-12-20. Replace its files before; no restart is needed.',
      'The certificate of alpha expired on 2026-11-20: the next connection will fail. Replace its files; no restart is needed.',
      'The TLS files of beta cannot be used; those read before stay in force. It cannot be read.',
    ])
  })

  it('says that an active standby offers to new clients too, in NORMAL', () => {
    expect(say('NORMAL', 'in contact', { activeStandby: true }).clientsNow.sentence).toBe(
      'alpha answers every client; beta answers those that name it and offers leases to new ones.',
    )
  })

  it('says what remains to be done when nobody serves, since there is nobody to recover from', () => {
    expect(say('RECOVER', 'lost').notes[0]).toContain('Bring alpha back: it knows what beta lacks.')
    expect(say('RECOVER', 'in contact').notes).toEqual([])
  })

  it('tells a first server why it waits, and both ways on', () => {
    const { notes, next } = say('RECOVER', 'never heard')
    expect(notes[0]).toContain('an empty database may be a lost one: so it waits')
    expect(notes[0]).toContain('declare it down here, or start beta with initialState: partner-down')
    expect(next.map(({ what }) => what)).toEqual(['beta fetches what it missed', 'beta serves alone (PARTNER-DOWN)'])
  })

  it('says in PARTNER-DOWN that new clients have half of the addresses only', () => {
    const saysHalf = (state: EndpointState) => say(state, 'lost').notes.some((note) => note.includes("beta's half"))
    expect([saysHalf('PARTNER-DOWN'), saysHalf('COMMUNICATIONS-INTERRUPTED')]).toEqual([true, false])
  })

  it('says that the partner does not know yet that it was declared down', () => {
    expect(say('PARTNER-DOWN', 'lost').notes.some((note) => note.startsWith('alpha does not know yet'))).toBe(true)
    expect(say('PARTNER-DOWN', 'in contact').notes.some((note) => note.includes('does not know yet'))).toBe(false)
  })
})
