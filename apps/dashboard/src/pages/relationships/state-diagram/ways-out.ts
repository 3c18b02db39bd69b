/** What leads out of a failover state of one relationship, in words: where to, when, by which rule, and what of it has a clock. */
import { failoverStateMachine, failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, PossibleTransition, Relationship } from '@tandem/api-contract'

/** What the words need to know of a relationship. */
export type Pair = Pick<
  Relationship,
  'serverName' | 'partnerName' | 'role' | 'state' | 'previousState' | 'communicationsOk' | 'deadlines' | 'commands'
>

export interface Trigger {
  /** Reads on after "when": `contact with beta is lost`. */
  readonly words: string
  readonly rule: string
  /** When the clock brings it about; only out of the present state. */
  readonly at: string | null
  /** What stands in the way now; only out of the present state. */
  readonly remark: string | null
}

export interface WayOut {
  readonly to: FailoverState
  readonly triggers: readonly Trigger[]
}

export function waysOut(of: Pair, state: FailoverState): readonly WayOut[] {
  const possible = failoverStateMachine.transitions.filter(
    (each) => each.from === state && each.roles.includes(of.role) && !isRuledOut(of, each),
  )
  const grouped = Map.groupBy(possible, ({ to }) => to)
  return [...grouped].map(([to, transitions]) => ({
    to,
    triggers: transitions
      .filter((each) => !isSaidWithHeard(each, transitions))
      .map((each) => ({
        words: triggerWords(of, each, transitions),
        rule: each.rule,
        at: clockOf(of, [each, ...transitions.filter((other) => isSameStart(other, each))]),
        remark: remarkOn(of, each),
      })),
  }))
}

/** The end of the start-up time leads where the partner that was heard leads: one line for both. */
function isSaidWithHeard(one: PossibleTransition, all: readonly PossibleTransition[]): boolean {
  return one.trigger === 'startup-ends' && all.some((other) => isSameStart(one, other))
}

function isSameStart(a: PossibleTransition, b: PossibleTransition): boolean {
  const both = new Set([a.trigger, b.trigger])
  const isPair = both.has('startup-ends') && both.has('partner-heard')
  return isPair && a.recordedStates.join(' ') === b.recordedStates.join(' ')
}

/** Every line of the diagram, for a server of this role. */
export function linesOf({
  role,
}: Pick<Pair, 'role'>): readonly { readonly from: FailoverState; readonly to: FailoverState }[] {
  const lines = failoverStateMachine.transitions.filter(({ roles }) => roles.includes(role))
  return [...new Map(lines.map(({ from, to }) => [`${from}>${to}`, { from, to }])).values()]
}

/** While a server starts, the state from before is known: the others lead nowhere. */
function isRuledOut({ state, previousState }: Pair, { from, recordedStates }: PossibleTransition): boolean {
  return from === 'startup' && state === 'startup' && previousState !== null && !recordedStates.includes(previousState)
}

function triggerWords(
  { serverName: me, partnerName: partner, state }: Pair,
  transition: PossibleTransition,
  beside: readonly PossibleTransition[],
): string {
  const { trigger, partnerStates, recordedStates, force, contact } = transition
  const onwards = transition.onwards === null ? '' : `; it goes on to ${failoverStateWord(transition.onwards)} at once`
  // Known of a server that is starting, so not worth repeating.
  const before = state === 'startup' ? '' : `, where ${me} was in ${anyOf(recordedStates)} before`
  switch (trigger) {
    case 'partner-heard':
      return (
        `${partner} is heard${heardWords(partnerStates)}` +
        `${beside.some((other) => isSameStart(other, transition)) ? ', or the start-up time is over' : ''}${before}`
      )
    case 'startup-ends':
      return `${partner} is not heard within the start-up time${before}`
    case 'partner-reports':
      return `${partner} reports ${reportWords(partnerStates)}${onwards}`
    case 'contact-lost':
      return `contact with ${partner} is lost`
    case 'updates-complete':
      return `${partner} has sent all that ${me} asked for (UPDDONE)`
    case 'recover-wait-ends':
      return `all that ${me} may have promised before it failed has run out (one MCLT after the failure, or later)`
    case 'auto-partner-down':
      return `${partner} stays out of contact for as long as autoPartnerDown says, where it is configured`
    case 'declare-partner-down':
      return `you declare ${partner} down${commandWords(force, contact, partner)}`
  }
}

const ALL_BUT_STARTUP = 9

function reportWords(states: readonly FailoverState[]): string {
  return states.length === ALL_BUT_STARTUP ? 'its state, whichever' : anyOf(states)
}

function heardWords(states: readonly FailoverState[]): string {
  if (states.length === ALL_BUT_STARTUP) return ''
  return states.includes('partner-down') ? ' and reports PARTNER-DOWN' : ' and reports no PARTNER-DOWN'
}

function commandWords(
  force: PossibleTransition['force'],
  contact: PossibleTransition['contact'],
  partner: string,
): string {
  const out = contact === 'out-of-contact' ? ` while ${partner} is out of contact` : ''
  switch (force) {
    case 'never':
      return out
    case 'in-contact':
      return `; while ${partner} is in contact by force only`
    case 'always':
      return `${out}, by force, since leases may be missing here`
  }
}

/** `A`, `A or B`, `A, B or C`. */
export function anyOf(states: readonly FailoverState[]): string {
  const words = states.map((state) => failoverStateWord(state))
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

function clockOf({ state, deadlines }: Pair, said: readonly PossibleTransition[]): string | null {
  const clocks = said.filter(({ from }) => from === state).map(({ trigger }): string => trigger)
  return deadlines.find(({ kind }) => clocks.includes(kind))?.at ?? null
}

function remarkOn(of: Pair, { from, trigger, contact }: PossibleTransition): string | null {
  const { state, partnerName, communicationsOk, deadlines, commands } = of
  if (from !== state) return null
  const { allowed, needsForce, because } = commands.declarePartnerDown
  if (trigger === 'declare-partner-down') {
    if (!allowed) return `Not now: ${because}`
    return needsForce ? `Now by force only: ${because}` : null
  }
  // Who starts has no contact yet, and is about to find out.
  if (contact === 'in-contact' && !communicationsOk && state !== 'startup')
    return `Needs contact with ${partnerName}, which is missing now`
  if (trigger === 'auto-partner-down') {
    if (communicationsOk) return `Not while ${partnerName} is in contact`
    return deadlines.some(({ kind }) => kind === trigger) ? null : 'Not armed: no such time runs'
  }
  return null
}
