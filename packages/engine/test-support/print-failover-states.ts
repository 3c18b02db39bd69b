/** The tables of the state machine as a page for people: docs/generated/failover-states.md (RFC 8156 section 8). */
import type { EndpointState } from '../src/failover/endpoint-record.ts'
import { recordedStates } from '../src/failover/endpoint-record.ts'
import { stateTable } from '../src/failover/states/state-table.ts'
import { onDeclarePartnerDown } from '../src/failover/transitions/command-transitions.ts'
import {
  nextOnUpdatesComplete,
  onAutoPartnerDown,
  onContactLost,
  onRecoverWaitEnded,
} from '../src/failover/transitions/contact-transitions.ts'
import { nextOnPartnerState, onPartnerState, type Next } from '../src/failover/transitions/partner-state-matrix.ts'

const states: readonly EndpointState[] = ['STARTUP', ...recordedStates]

export function printFailoverStates(): string {
  return [
    '# Failover states',
    'Printed from the tables that the engine runs with; do not edit.',
    '## What each state does',
    policyTable(),
    '## When the partner reports a state',
    'Rows: own state. Columns: the state that the partner reports, without the STARTUP flag. `=` stays. `via` goes through COMMUNICATIONS-INTERRUPTED, then as its row says. Where roles differ: primary / secondary.',
    matrixTable(),
    '## Other causes',
    otherCauses(),
    '## Declaring the partner down',
    commandTable(),
    '',
  ].join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function bothRoles(primary: string, secondary: string): string {
  return primary === secondary ? primary : `${primary} / ${secondary}`
}

function policyTable(): string {
  const rows = states.map((state) => {
    const { answers, allocatesFrom, mcltBound, rule } = stateTable[state].policy
    return [
      state,
      bothRoles(answers.primary, answers.secondary),
      bothRoles(allocatesFrom.primary, allocatesFrom.secondary),
      mcltBound ? 'MCLT' : 'none',
      rule,
    ]
  })
  return table(['State', 'Answers', 'New leases from', 'Lifetime bound', 'Section'], rows)
}

function matrixTable(): string {
  const rows = states.map((own) => [
    `**${own}**`,
    ...recordedStates.map((partner) =>
      bothRoles(
        textOf(nextOnPartnerState(own, partner, 'primary')),
        textOf(nextOnPartnerState(own, partner, 'secondary')),
      ),
    ),
    [...new Set(Object.values(onPartnerState[own]).flatMap((cell) => ('kind' in cell ? [cell.rule] : [])))].join(', '),
  ])
  return table(['Own state', ...recordedStates, 'Section'], rows)
}

function textOf(next: Next): string {
  switch (next.kind) {
    case 'stay':
      return '='
    case 'to':
      return next.state
    case 'request-updates':
      return '= and ask for updates'
    case 'via-communications-interrupted':
      return 'via'
    case 'resume':
      return 'resume the recorded state'
    case 'resume-or-recover':
      return 'resume a recovery or PARTNER-DOWN; else RECOVER, or POTENTIAL-CONFLICT where we promised after its declaration'
  }
}

function otherCauses(): string {
  const lost = states.flatMap((state) => {
    const move = onContactLost[state]
    return move === undefined ? [] : [['contact lost', state, move.to, move.rule]]
  })
  const complete = states.flatMap((state) => {
    const primary = nextOnUpdatesComplete(state, 'primary')
    const secondary = nextOnUpdatesComplete(state, 'secondary')
    if (primary === undefined || secondary === undefined) return []
    return [['UPDDONE', state, bothRoles(primary.to, secondary.to), primary.rule]]
  })
  return table(
    ['Cause', 'From', 'To', 'Section'],
    [
      ...lost,
      ...complete,
      ['TIME-OF-FAILURE + MCLT is over', 'RECOVER-WAIT', onRecoverWaitEnded.to, onRecoverWaitEnded.rule],
      ['auto-partner-down time is over', 'COMMUNICATIONS-INTERRUPTED', onAutoPartnerDown.to, onAutoPartnerDown.rule],
    ],
  )
}

function commandTable(): string {
  const rows = states.map((state) => {
    const rule = onDeclarePartnerDown[state]
    switch (rule.allowed) {
      case 'always':
        return [state, 'allowed; in contact only by force', rule.rule]
      case 'without-contact':
        return [state, `out of contact${rule.leasesMayBeMissing ? ', by force only' : ''}`, rule.rule]
      case 'never':
        return [state, 'refused', rule.because]
    }
  })
  return table(['State', 'Command', 'Section or reason'], rows)
}
