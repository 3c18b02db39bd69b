/** The one place that says in plain words how a relationship stands (RFC 8156 section 8): headline, clients, what next, notes. */
import type { ClientsNow, Headline, NextStep } from '@tandem/api-contract'
import type { ArmedDeadline, EndpointState, RelationshipSnapshot } from '@tandem/engine'
import { durationWords, exactWords } from '../http/duration-words.ts'
import type { PartnerCertificates } from '../engine/engine-service.ts'
import { certificateNotes } from './certificate-words.ts'

export interface SituationFacts {
  readonly serverName: string
  readonly snapshot: RelationshipSnapshot
  readonly nowMs: number
  /** Longest T2 that configuration gives to clients of this relationship; undefined: it owns no subnet. */
  readonly rebindSecondsMax: number | undefined
  readonly transport: 'tls' | 'insecure'
  /** Undefined: the connection is not over TLS. */
  readonly certificates: PartnerCertificates | undefined
}

export interface Situation {
  readonly headline: Headline
  readonly clientsNow: ClientsNow
  readonly next: readonly NextStep[]
  readonly notes: readonly string[]
}

export function describeSituation(facts: SituationFacts): Situation {
  return { headline: headline(facts), clientsNow: clientsNow(facts), next: nextSteps(facts), notes: notes(facts) }
}

type Level = Headline['level']

const LEVEL_WORD: Readonly<Record<Level, string>> = {
  ok: 'OK',
  degraded: 'Degraded',
  'at-risk': 'At risk',
  down: 'Down',
}

const say = (level: Level, sentence: string): Headline => ({ level, sentence: `${LEVEL_WORD[level]} — ${sentence}` })

/** Headline of each state; a function each, so that the compiler asks for the tenth. */
const headlines: Readonly<Record<EndpointState, (facts: SituationFacts) => Headline>> = {
  STARTUP: ({ serverName: me, snapshot: { partnerName: partner } }) =>
    say('degraded', `${me} is starting: it listens for ${partner} before it answers clients.`),
  NORMAL: (facts) =>
    facts.snapshot.unansweredClients.alarm
      ? say('at-risk', unansweredWords(facts))
      : facts.snapshot.communicationsOk
        ? say('ok', `${facts.serverName} and ${facts.snapshot.partnerName} serve as one.`)
        : say('degraded', `${contactWords(facts)} ${servedWords(facts)}`),
  'COMMUNICATIONS-INTERRUPTED': (facts) =>
    say(
      facts.snapshot.answers === 'nobody' ? 'down' : 'degraded',
      `${facts.serverName} serves without ${facts.snapshot.partnerName}. ${contactWords(facts)} ${servedWords(facts)}`,
    ),
  'PARTNER-DOWN': (facts) => {
    const { snapshot, serverName: me } = facts
    const { partnerName: partner } = snapshot
    const since = durationWords(facts.nowMs - snapshot.stateSince)
    if (!snapshot.communicationsOk && snapshot.lastHeardFromPartnerAt === undefined) {
      return say('degraded', `${me} serves alone: ${partner} has never been heard. ${servedWords(facts)}`)
    }
    return snapshot.communicationsOk
      ? say(
          'degraded',
          `${me} serves alone while ${partner} recovers${partnerStateWords(snapshot)}. ${servedWords(facts)}`,
        )
      : say('degraded', `${me} serves alone: ${partner} was declared down ${since} ago. ${servedWords(facts)}`)
  },
  'POTENTIAL-CONFLICT': (facts) =>
    say(
      facts.snapshot.answers === 'nobody' ? 'down' : 'at-risk',
      `both servers may have served alone; they compare their leases. ${servedWords(facts)}`,
    ),
  'CONFLICT-DONE': (facts) =>
    say(
      'degraded',
      `${facts.serverName} has settled the comparison; ${facts.snapshot.partnerName} still has to. ${servedWords(facts)}`,
    ),
  'RESOLUTION-INTERRUPTED': (facts) =>
    say(
      facts.snapshot.answers === 'nobody' ? 'down' : 'at-risk',
      `the comparison of leases was cut off. ${contactWords(facts)} ${servedWords(facts)}`,
    ),
  RECOVER: (facts) =>
    recovering(
      facts,
      facts.snapshot.communicationsOk
        ? `${facts.serverName} fetches what it missed from ${facts.snapshot.partnerName}${progressWords(facts)}.`
        : `${facts.serverName} may not serve before it has fetched from ${facts.snapshot.partnerName} what it missed.`,
    ),
  'RECOVER-WAIT': (facts) =>
    recovering(
      facts,
      `${facts.serverName} has what it missed and waits, so that no promise from before its failure can clash.`,
    ),
  'RECOVER-DONE': (facts) =>
    recovering(
      facts,
      `${facts.serverName} has recovered and waits for ${facts.snapshot.partnerName} to go on together.`,
    ),
}

function unansweredWords({ snapshot: { partnerName: partner, unansweredClients } }: SituationFacts): string {
  return (
    `${unansweredClients.count} clients keep asking ${partner} in vain, though it is in contact: perhaps it does not ` +
    'hear them, or has no lease for them.'
  )
}

function headline(facts: SituationFacts): Headline {
  const { serverName: me, snapshot } = facts
  if (snapshot.blind !== undefined) {
    return say('down', `${me} hears no client and has left ${snapshot.partnerName} to serve. ${snapshot.blind.because}`)
  }
  if (snapshot.handedOver !== undefined) {
    const { since, operator } = snapshot.handedOver
    const ago = durationWords(facts.nowMs - since)
    return say('degraded', `${me} was handed over by ${operator} ${ago} ago; ${snapshot.partnerName} serves alone.`)
  }
  return headlines[facts.snapshot.state](facts)
}

/** A recovering server is silent by rule: harmless while the partner serves, an outage when it is away. */
function recovering(facts: SituationFacts, doing: string): Headline {
  return facts.snapshot.communicationsOk
    ? say('degraded', `${doing} ${servedWords(facts)}`)
    : say('down', `${doing} ${contactWords(facts)} ${servedWords(facts)}`)
}

function contactWords({ snapshot, nowMs }: SituationFacts): string {
  const { partnerName: partner, lastHeardFromPartnerAt: heard } = snapshot
  if (snapshot.communicationsOk) return `${partner} is in contact.`
  return heard === undefined
    ? `${partner} has never been heard.`
    : `No contact with ${partner} for ${durationWords(nowMs - heard)}.`
}

const partnerStateWords = ({ partner }: RelationshipSnapshot): string =>
  partner === undefined ? '' : ` (${partner.state})`

function progressWords({ snapshot: { resync } }: SituationFacts): string {
  if (resync === undefined || resync.direction !== 'receiving') return ''
  return resync.total === undefined ? ` (${resync.done} leases so far)` : ` (${resync.done} of ${resync.total} leases)`
}

const SERVING: ReadonlySet<EndpointState> = new Set(['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN'])

function partnerServes({ communicationsOk, partner }: RelationshipSnapshot): boolean {
  return communicationsOk && partner !== undefined && !partner.startup && SERVING.has(partner.state)
}

function servedWords(facts: SituationFacts): string {
  const { snapshot, serverName: me } = facts
  if (snapshot.answers === 'everyone') return 'Clients are being answered.'
  if (partnerServes(snapshot)) return `Clients are being answered by ${snapshot.partnerName}.`
  return snapshot.answers === 'own-identifier'
    ? `${me} answers only clients that name it.`
    : `${me} answers no clients.`
}

function clientsNow(facts: SituationFacts): ClientsNow {
  const { snapshot, serverName: me } = facts
  const { partnerName: partner } = snapshot
  if (snapshot.blind !== undefined) return { answered: 'none', sentence: `${me} hears no client.` }
  if (snapshot.handedOver !== undefined) {
    return {
      answered: 'none',
      sentence: `${me} answers no client until it is taken back; ${partner} was left to serve.`,
    }
  }
  switch (snapshot.answers) {
    case 'everyone':
      return {
        answered: 'all',
        sentence:
          snapshot.state === 'NORMAL' && snapshot.communicationsOk
            ? `${me} answers every client; ${partner} answers those that name it${standbyWords(snapshot)}.`
            : `${me} answers every client that does not name ${partner}.`,
      }
    case 'own-identifier':
      return {
        answered: 'some',
        sentence: partnerServes(snapshot)
          ? `${partner} answers every client; ${me} answers those that name it${standbyWords(snapshot)}.`
          : `${me} answers only clients that name it.`,
      }
    case 'nobody':
      return {
        answered: 'none',
        sentence: partnerServes(snapshot)
          ? `${me} answers no client in ${snapshot.state}; ${partner} does${partnerStateWords(snapshot)}.`
          : `${me} answers no client in ${snapshot.state}.`,
      }
  }
}

const standbyWords = ({ activeStandby, state }: RelationshipSnapshot): string =>
  activeStandby && state === 'NORMAL' ? ' and offers leases to new ones' : ''

const isoOf = (unixMs: number): string => new Date(unixMs).toISOString()

/** What a clock will bring about. */
const deadlineSteps: Readonly<Record<ArmedDeadline['kind'], (me: string, partner: string) => Omit<NextStep, 'at'>>> = {
  'startup-ends': (me, partner) => ({
    what: `${me} takes up its state from before the start`,
    trigger: `${partner} has not been heard by then`,
  }),
  'recover-wait-ends': (me, partner) => ({
    what: `${me} goes to RECOVER-DONE, then with ${partner} to NORMAL`,
    trigger: 'every promise from before the failure has run out',
  }),
  'auto-partner-down': (me, partner) => ({
    what: `${me} declares ${partner} down by itself`,
    trigger: `${partner} is still not in contact then (autoPartnerDown)`,
  }),
  redial: (me, partner) => ({ what: `${me} tries again to reach ${partner}`, trigger: 'the reconnect interval ends' }),
  'partner-pool-usable': (me, partner) => ({
    what: `${me} may also delegate the prefixes that ${partner} held free`,
    trigger: 'the MCLT has passed since PARTNER-DOWN began',
  }),
  'upddone-stall': (me, partner) => ({
    what: `${me} gives up this connection and begins again`,
    trigger: `${partner} has not sent all by then`,
  }),
  'acknowledgement-stall': (me, partner) => ({
    what: `${me} goes to COMMUNICATIONS-INTERRUPTED`,
    trigger: `${partner} has acknowledged no update by then`,
  }),
}

/** Each update arms this anew and is acknowledged within moments; only one that waits long is news. */
const STALL_WORTH_SAYING_MS = 30_000

function isWorthSaying({ kind, at }: ArmedDeadline, nowMs: number): boolean {
  return kind !== 'acknowledgement-stall' || at - nowMs <= STALL_WORTH_SAYING_MS
}

function nextSteps(facts: SituationFacts): readonly NextStep[] {
  const { snapshot, serverName: me } = facts
  const timed = [
    ...snapshot.deadlines
      .filter((deadline) => isWorthSaying(deadline, facts.nowMs))
      .map(({ kind, at }) => ({ ...deadlineSteps[kind](me, snapshot.partnerName), at: isoOf(at) })),
    ...lastRebinds(facts),
  ]
  return [...timed.toSorted((a, b) => (a.at < b.at ? -1 : 1)), ...untimedSteps(facts)]
}

/** Whoever renewed at the partner just before it fell silent turns to any server at T2 (RFC 9915 section 18.2.5). */
function lastRebinds(facts: SituationFacts): readonly (NextStep & { readonly at: string })[] {
  const { snapshot, nowMs, rebindSecondsMax, serverName: me } = facts
  const { lastHeardFromPartnerAt: heard, partnerName: partner } = snapshot
  if (!servesWithoutPartner(snapshot) || heard === undefined || rebindSecondsMax === undefined) return []
  const at = heard + rebindSecondsMax * 1000
  if (at <= nowMs) return []
  return [
    {
      what: `the last clients of ${partner} have turned to ${me} by REBIND`,
      trigger: `T2 of their leases, ${exactWords(rebindSecondsMax)} at most`,
      at: isoOf(at),
    },
  ]
}

function servesWithoutPartner({ state, communicationsOk, answers }: RelationshipSnapshot): boolean {
  return (
    (state === 'COMMUNICATIONS-INTERRUPTED' || state === 'PARTNER-DOWN') && !communicationsOk && answers === 'everyone'
  )
}

const once = (what: string, trigger: string): NextStep => ({ what, trigger, at: null })

function untimedSteps({ snapshot, serverName: me }: SituationFacts): readonly NextStep[] {
  const { partnerName: partner, communicationsOk, commands } = snapshot
  if (snapshot.blind !== undefined) return [once(`${me} goes back to ${partner}`, 'a client listener hears again')]
  if (snapshot.handedOver !== undefined) return [once(`${me} serves with ${partner} again`, 'you take service back')]
  switch (snapshot.state) {
    case 'STARTUP':
      return [once(`${me} settles its state with ${partner}`, `${partner} is in contact`)]
    case 'NORMAL':
      return communicationsOk
        ? []
        : [once(`${me} goes to COMMUNICATIONS-INTERRUPTED`, 'the loss of contact is confirmed')]
    case 'COMMUNICATIONS-INTERRUPTED':
      return [
        once('both return to NORMAL', `${partner} is in contact again`),
        ...(commands.declarePartnerDown.allowed
          ? [once(`${me} goes to PARTNER-DOWN`, `you declare ${partner} down, being sure that it does not run`)]
          : []),
      ]
    case 'PARTNER-DOWN':
      return communicationsOk
        ? [once('both return to NORMAL', `${partner} has finished recovering`)]
        : [once(`${partner} fetches what it missed, waits, and both return to NORMAL`, `${partner} is started again`)]
    case 'POTENTIAL-CONFLICT':
      return [once('both return to NORMAL', 'the comparison of all leases is finished on both sides')]
    case 'CONFLICT-DONE':
      return [once('both return to NORMAL', `${partner} has finished its comparison`)]
    case 'RESOLUTION-INTERRUPTED':
      return [once('the comparison of leases begins again', `${partner} is in contact again`)]
    case 'RECOVER':
      return communicationsOk
        ? [once(`${me} goes to RECOVER-WAIT`, `${partner} has sent everything that ${me} missed`)]
        : [
            once(`${me} fetches what it missed`, `${partner} is in contact`),
            once(
              `${me} serves alone (PARTNER-DOWN)`,
              `you declare ${partner} down, knowing that leases may be missing`,
            ),
          ]
    case 'RECOVER-WAIT':
      return []
    case 'RECOVER-DONE':
      return [once('both return to NORMAL', `${partner} ${communicationsOk ? 'confirms' : 'is in contact'}`)]
  }
}

/** Nobody is answered: why, and both ways on. */
function waysOutOfRecover(
  me: string,
  partner: string,
  { lastHeardFromPartnerAt }: RelationshipSnapshot,
): readonly string[] {
  if (lastHeardFromPartnerAt !== undefined) {
    return [
      `Bring ${partner} back: it knows what ${me} lacks. Only if ${partner} is lost for good, declare it down: ${me} then ` +
        'serves with what it has, and may give away leases that clients hold.',
    ]
  }
  return [
    `${me} remembers nothing of ${partner}, and an empty database may be a lost one: so it waits. Start ${partner}, and both ` +
      `go to NORMAL by themselves. If ${partner} does not exist yet, declare it down here, or start ${me} with ` +
      'initialState: partner-down.',
    `If ${me} has lost its database, bring ${partner} back: it knows what ${me} lacks.`,
  ]
}

/** Beyond this the partners come near the five seconds at which they part (RFC 8156 section 6.1). */
const SKEW_WORTH_SAYING_MS = 2_000

function notes(facts: SituationFacts): readonly string[] {
  const { snapshot, serverName: me, rebindSecondsMax, transport } = facts
  const { partnerName: partner, clockSkewMs, mcltSeconds } = snapshot
  const said: string[] = []
  if (snapshot.handedOver !== undefined) {
    said.push(
      `${me} does not hear ${partner} while it is handed over: if ${partner} fails, nobody serves. It stays so after a ` +
        `restart of ${me}. Handed over for: ${snapshot.handedOver.reason}.`,
    )
  }
  if (servesWithoutPartner(snapshot)) {
    const t2 =
      rebindSecondsMax === undefined ? '' : ` (${exactWords(rebindSecondsMax)} at most after their last renewal)`
    said.push(
      `A RENEW that names ${partner}'s identifier stays unanswered here, as the standard demands. ` +
        `Its clients rebind at T2${t2} and keep their addresses and prefixes.`,
    )
  }
  if (snapshot.state === 'RECOVER' && !snapshot.communicationsOk) said.push(...waysOutOfRecover(me, partner, snapshot))
  if (snapshot.state === 'COMMUNICATIONS-INTERRUPTED' && snapshot.handedOver === undefined) {
    said.push(
      `${me} gives new clients only what it holds free itself, and extends a lease by the MCLT ` +
        `(${exactWords(mcltSeconds)}) at most beyond what ${partner} has acknowledged.`,
    )
  }
  if (snapshot.state === 'RESOLUTION-INTERRUPTED' && !snapshot.communicationsOk) {
    const unknown = `what ${partner} gave is unknown here until both have compared`
    said.push(`If ${partner} had served alone before, ${me} gives no prefixes to new clients: ${unknown}.`)
  }
  if (snapshot.state === 'PARTNER-DOWN') {
    said.push(
      `New clients get addresses of ${me}'s half of the pools only: the other half is ${partner}'s in every state, ` +
        'and stays with the clients that have it.',
    )
  }
  if (snapshot.state === 'PARTNER-DOWN' && !snapshot.partnerInformed) {
    said.push(`${partner} does not know yet: it hears of this in the first STATE message after it connects.`)
  }
  if (clockSkewMs !== undefined && Math.abs(clockSkewMs) >= SKEW_WORTH_SAYING_MS) {
    said.push(
      `The clocks of ${me} and ${partner} differ by ${(Math.abs(clockSkewMs) / 1000).toFixed(1)} s; ` +
        'at five seconds they drop their connection. Check the time service on both.',
    )
  }
  if (snapshot.unansweredClients.alarm) {
    said.push(
      `Look at ${partner}: is its client network up, and are its pools not empty? If it cannot be repaired soon, stop it: ` +
        `${me} then answers everybody.`,
    )
  }
  said.push(...certificateNotes(facts.certificates, { serverName: me, partnerName: partner }, facts.nowMs))
  if (transport === 'insecure') {
    said.push(`What ${me} and ${partner} tell each other is not encrypted (transport: insecure).`)
  }
  if (!snapshot.communicationsOk && snapshot.connection.lastProblem !== undefined) {
    said.push(`Last trouble with the connection to ${partner}: ${snapshot.connection.lastProblem.replace(/\.$/u, '')}.`)
  }
  return said
}
