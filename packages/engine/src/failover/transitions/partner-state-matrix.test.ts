/** Walks every cell of the matrix for both roles against a table written down separately (RFC 8156 section 8). */
import { describe, expect, it } from 'vitest'
import { recordedStates, type EndpointState, type RecordedState } from '../endpoint-record.ts'
import { nextOnPartnerState, onPartnerState, type Next } from './partner-state-matrix.ts'

const short: Readonly<Record<string, RecordedState>> = {
  N: 'NORMAL',
  CI: 'COMMUNICATIONS-INTERRUPTED',
  PD: 'PARTNER-DOWN',
  PC: 'POTENTIAL-CONFLICT',
  RI: 'RESOLUTION-INTERRUPTED',
  CD: 'CONFLICT-DONE',
  R: 'RECOVER',
  RW: 'RECOVER-WAIT',
  RD: 'RECOVER-DONE',
}

// Columns: the partner's state. `=` stay, `ask` UPDREQ, `via` through COMM-INT; `a|b` primary|secondary.
const columns = ['N', 'CI', 'PD', 'PC', 'RI', 'CD', 'R', 'RW', 'RD']
const rows: Readonly<Record<EndpointState, string>> = {
  STARTUP: 'resume resume compare resume resume resume resume resume resume',
  'PARTNER-DOWN': 'PC PC PC PC PC PC = = N',
  RECOVER: 'ask ask ask PC PC PC ask ask ask',
  'RECOVER-WAIT': '= = = = = = = = =',
  'RECOVER-DONE': 'N = = PC = = CI CI N',
  NORMAL: '= via via via via via|= via via via',
  'COMMUNICATIONS-INTERRUPTED': 'N N PC PC PC PC = = N',
  'POTENTIAL-CONFLICT': '= = = = = =|ask = = =',
  'RESOLUTION-INTERRUPTED': 'PC PC PC PC PC PC PC PC PC',
  'CONFLICT-DONE': 'N = = = = = = = =',
}

function textOf(next: Next): string {
  switch (next.kind) {
    case 'stay':
      return '='
    case 'request-updates':
      return 'ask'
    case 'via-communications-interrupted':
      return 'via'
    case 'resume':
      return 'resume'
    case 'resume-or-recover':
      return 'compare'
    case 'to':
      return columns.find((name) => short[name] === next.state) ?? '?'
  }
}

const cells = Object.entries(rows).flatMap(([own, row]) =>
  row.split(' ').flatMap((cell, index) =>
    (['primary', 'secondary'] as const).map((role) => {
      const [forPrimary = '', forSecondary = forPrimary] = cell.split('|')
      const partner = short[columns[index] ?? ''] ?? 'NORMAL'
      return { own, partner, role, expected: role === 'primary' ? forPrimary : forSecondary }
    }),
  ),
)

describe('the matrix of partner states', () => {
  it('has ten own states, nine of the partner, and both roles', () => {
    expect(cells).toHaveLength(180)
    expect(Object.keys(onPartnerState)).toHaveLength(10)
    for (const row of Object.values(onPartnerState)) expect(Object.keys(row).sort()).toEqual([...recordedStates].sort())
  })

  it.each(cells)('$role in $own goes $expected when the partner is in $partner', ({ own, partner, role, expected }) => {
    expect(textOf(nextOnPartnerState(own as EndpointState, partner, role))).toBe(expected)
  })

  it('names a section for every cell', () => {
    for (const { own, partner, role } of cells) {
      expect(nextOnPartnerState(own as EndpointState, partner, role).rule).toMatch(/^RFC 8156 (8\.\d+|figure 6)/)
    }
  })

  it('never passes through COMMUNICATIONS-INTERRUPTED into itself', () => {
    for (const partner of recordedStates) {
      const after = nextOnPartnerState('COMMUNICATIONS-INTERRUPTED', partner, 'primary')
      expect(['to', 'stay']).toContain(after.kind)
    }
  })
})
