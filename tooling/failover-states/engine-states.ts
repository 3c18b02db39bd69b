/** The state machine that the engine runs with, read from its tables and said in the words of the API (RFC 8156 section 8). */
import type { FailoverStates, PossibleTransition } from '../../packages/api-contract/src/resources/failover-states.ts'
import {
  recordedStates,
  type EndpointRecord,
  type EndpointState,
  type PartnerRecord,
  type RecordedState,
} from '../../packages/engine/src/failover/endpoint-record.ts'
import { resumeAfterStartup } from '../../packages/engine/src/failover/startup.ts'
import { stateTable } from '../../packages/engine/src/failover/states/state-table.ts'
import { onDeclarePartnerDown } from '../../packages/engine/src/failover/transitions/command-transitions.ts'
import {
  nextOnUpdatesComplete,
  onAutoPartnerDown,
  onContactLost,
  onRecoverWaitEnded,
  resumeStateOf,
} from '../../packages/engine/src/failover/transitions/contact-transitions.ts'
import { nextOnPartnerState } from '../../packages/engine/src/failover/transitions/partner-state-matrix.ts'
import { instant } from '../../packages/engine/src/time/instant.ts'

type Role = PossibleTransition['roles'][number]
type ApiState = PossibleTransition['from']
/** As it holds for one role, one state of the partner, one recorded state. */
type Single = Omit<PossibleTransition, 'roles' | 'partnerStates' | 'recordedStates'> & {
  readonly role: Role
  readonly partnerState: ApiState | undefined
  readonly recordedState: ApiState | undefined
}

const allStates: readonly EndpointState[] = ['STARTUP', ...recordedStates]
const roles: readonly Role[] = ['primary', 'secondary']

export function engineStates(): FailoverStates {
  return {
    states: allStates.map((state) => {
      const { answers, allocatesFrom, mcltBound, rule } = stateTable[state].policy
      return { state: apiState(state), answers, newLeasesFrom: allocatesFrom, mcltBound, rule }
    }),
    transitions: merged(allStates.flatMap((state) => roles.flatMap((role) => waysOut(state, role)))),
  }
}

function waysOut(from: EndpointState, role: Role): readonly Single[] {
  if (from === 'STARTUP') return outOfStartup(role)
  return [
    ...recordedStates.flatMap((partner) => onReport(from, partner, role)),
    ...afterContactLost(from, role),
    ...afterUpdates(from, role),
    ...byClock(from, role),
    ...byCommand(from, role),
  ]
}

function single(
  from: EndpointState,
  to: RecordedState,
  role: Role,
  more: Partial<Single> & Pick<Single, 'trigger' | 'rule'>,
): Single {
  return {
    from: apiState(from),
    to: apiState(to),
    onwards: null,
    role,
    partnerState: undefined,
    recordedState: undefined,
    contact: 'any',
    force: 'never',
    ...more,
  }
}

function onReport(from: RecordedState, partner: RecordedState, role: Role): readonly Single[] {
  const next = nextOnPartnerState(from, partner, role)
  const report = { trigger: 'partner-reports', contact: 'in-contact', partnerState: apiState(partner) } as const
  if (next.kind === 'to') return [single(from, next.state, role, { ...report, rule: next.rule })]
  if (next.kind !== 'via-communications-interrupted') return []
  const second = nextOnPartnerState('COMMUNICATIONS-INTERRUPTED', partner, role)
  const onwards = second.kind === 'to' ? second.state : undefined
  // Where the way leads back to the present state the engine does not move.
  if (onwards === from) return []
  const rule = onwards === undefined ? next.rule : second.rule
  return [
    single(from, 'COMMUNICATIONS-INTERRUPTED', role, {
      ...report,
      onwards: onwards === undefined ? null : apiState(onwards),
      rule,
    }),
  ]
}

function afterContactLost(from: RecordedState, role: Role): readonly Single[] {
  const move = onContactLost[from]
  if (move === undefined) return []
  return [single(from, move.to, role, { trigger: 'contact-lost', contact: 'in-contact', rule: move.rule })]
}

function afterUpdates(from: RecordedState, role: Role): readonly Single[] {
  const move = nextOnUpdatesComplete(from, role)
  if (move === undefined) return []
  return [single(from, move.to, role, { trigger: 'updates-complete', contact: 'in-contact', rule: move.rule })]
}

function byClock(from: RecordedState, role: Role): readonly Single[] {
  if (from === 'RECOVER-WAIT') {
    const { to, rule } = onRecoverWaitEnded
    return [single(from, to, role, { trigger: 'recover-wait-ends', rule })]
  }
  if (from === 'COMMUNICATIONS-INTERRUPTED') {
    const { to, rule } = onAutoPartnerDown
    return [single(from, to, role, { trigger: 'auto-partner-down', contact: 'out-of-contact', rule })]
  }
  return []
}

function byCommand(from: RecordedState, role: Role): readonly Single[] {
  const allowance = onDeclarePartnerDown[from]
  if (allowance.allowed === 'never') return []
  const { rule } = allowance
  const trigger = 'declare-partner-down'
  if (allowance.allowed === 'always') {
    return [single(from, 'PARTNER-DOWN', role, { trigger, force: 'in-contact', rule })]
  }
  const force = allowance.leasesMayBeMissing ? 'always' : 'never'
  return [single(from, 'PARTNER-DOWN', role, { trigger, contact: 'out-of-contact', force, rule })]
}

const RULE_OF_START = 'RFC 8156 8.3.2'

function outOfStartup(role: Role): readonly Single[] {
  return recordedStates.flatMap((recorded) => {
    const recordedState = apiState(recorded)
    const resumed = resumeStateOf(recorded)
    return [
      single('STARTUP', resumed, role, {
        trigger: 'startup-ends',
        contact: 'out-of-contact',
        recordedState,
        rule: RULE_OF_START,
      }),
      ...recordedStates.flatMap((partner) => {
        const next = nextOnPartnerState('STARTUP', partner, role)
        const targets = next.kind === 'resume-or-recover' ? afterDeclaration(recorded) : [resumed]
        const heard = {
          trigger: 'partner-heard',
          contact: 'in-contact',
          recordedState,
          partnerState: apiState(partner),
          rule: next.rule,
        } as const
        return targets.map((to) => single('STARTUP', to, role, heard))
      }),
    ]
  })
}

const EARLY = instant(1000)
const LATE = instant(2000)

/** Wherever the engine may go when the partner is in PARTNER-DOWN, whatever was promised before and after its declaration. */
function afterDeclaration(recorded: RecordedState): readonly RecordedState[] {
  const heardBefore = [undefined, partnerDown(EARLY), partnerDown(LATE)]
  const found = heardBefore.flatMap((partner) =>
    [undefined, EARLY, LATE].flatMap((lastPromiseAt) =>
      [EARLY, LATE].map((since) =>
        resumeAfterStartup({ ...anyRecord, state: recorded, partner, lastPromiseAt }, partnerDown(since)),
      ),
    ),
  )
  return recordedStates.filter((state) => found.includes(state))
}

function partnerDown(since: PartnerRecord['since']): PartnerRecord {
  return {
    state: 'PARTNER-DOWN',
    since,
    startup: false,
    ackStartup: false,
    communicated: true,
    partnerDownSince: since,
  }
}

const anyRecord: EndpointRecord = {
  relationship: '',
  state: 'NORMAL',
  previousState: undefined,
  stateSince: EARLY,
  partner: undefined,
  lastHeardFromPartnerAt: undefined,
  inContact: false,
  partnerStoppedAt: undefined,
  communicated: true,
  mcltSeconds: 0,
  earlierMclt: undefined,
  handedOver: undefined,
  fullResyncOwed: false,
  timeOfFailure: undefined,
  lastPromiseAt: undefined,
}

/** First over states of the partner, then over recorded states, then over roles: what differs in nothing else is one row. */
function merged(singles: readonly Single[]): PossibleTransition[] {
  const rows = singles.map(({ role, partnerState, recordedState, ...rest }) => ({
    ...rest,
    roles: [role],
    partnerStates: partnerState === undefined ? [] : [partnerState],
    recordedStates: recordedState === undefined ? [] : [recordedState],
  }))
  return mergedOver('roles', mergedOver('recordedStates', mergedOver('partnerStates', rows)))
}

function mergedOver(
  field: 'roles' | 'partnerStates' | 'recordedStates',
  rows: readonly PossibleTransition[],
): PossibleTransition[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify({ ...row, [field]: [] }))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [{ ...first, [field]: [...new Set(group.flatMap((row) => row[field]))] }]
  })
}

/** The API writes them in lower case. */
function apiState(state: EndpointState): ApiState {
  return state.toLowerCase() as ApiState
}
