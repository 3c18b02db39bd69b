/** The cells that no history can reach, each with its reason. A run that reaches one of them fails: the reason was wrong. */
import { onPartnerState } from '@tandem/engine/simulation'
import { statusCodeName } from '@tandem/protocol'
import { matrixCell, type Cell } from './expected-cells.ts'

export interface UnreachableCells {
  readonly cells: readonly Cell[]
  readonly why: string
  /** Section or decision. */
  readonly rule: string
}

const ALL = Object.keys(onPartnerState)
const RECORDED = ALL.filter((state) => state !== 'STARTUP')
const BOTH = ['primary', 'secondary'] as const

function matrix(servers: readonly string[], owns: readonly string[], partners: readonly string[]): readonly Cell[] {
  return servers.flatMap((server) => owns.flatMap((own) => partners.map((partner) => matrixCell(server, own, partner))))
}

export const unreachableCells: readonly UnreachableCells[] = [
  {
    cells: matrix(['primary'], ALL, ['CONFLICT-DONE']),
    why: 'A secondary that has heard everything goes from POTENTIAL-CONFLICT straight to NORMAL.',
    rule: 'RFC 8156 8.10.2',
  },
  {
    cells: matrix(['secondary'], ['CONFLICT-DONE'], RECORDED),
    why: 'A secondary is never in CONFLICT-DONE.',
    rule: 'RFC 8156 8.10.2',
  },
  {
    cells: matrix(BOTH, ['STARTUP', 'RESOLUTION-INTERRUPTED'], ['NORMAL', 'POTENTIAL-CONFLICT']),
    why:
      'The first STATE of a connection ends both states, and a partner is in NORMAL or POTENTIAL-CONFLICT only while it is in ' +
      'contact: the first that it says on a new connection is what losing contact has made of them.',
    rule: 'RFC 8156 8.3.2, 8.11.2',
  },
  {
    cells: matrix(BOTH, ['COMMUNICATIONS-INTERRUPTED'], ['NORMAL', 'POTENTIAL-CONFLICT']),
    why:
      'As the first STATE of a connection neither is said, and in contact this state goes on only with a partner that recovers, which ' +
      'enters neither before it has heard us serve or conflict.',
    rule: 'RFC 8156 8.9.2',
  },
  {
    cells: matrix(BOTH, ['RECOVER', 'RECOVER-WAIT'], ['NORMAL']),
    why: 'A partner enters NORMAL in contact only when it hears a state that serves or has recovered.',
    rule: 'RFC 8156 8.7.2 to 8.12.2',
  },
  {
    cells: matrix(BOTH, ['NORMAL'], ['RESOLUTION-INTERRUPTED', 'RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE']),
    why:
      'NORMAL ends with the contact, and a partner enters RESOLUTION-INTERRUPTED and RECOVER only out of contact; the others ' +
      'follow RECOVER, in which it has been heard.',
    rule: 'RFC 8156 8.8.2',
  },
  {
    cells: matrix(
      BOTH,
      ['POTENTIAL-CONFLICT'],
      ['COMMUNICATIONS-INTERRUPTED', 'RESOLUTION-INTERRUPTED', 'RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE'],
    ),
    why:
      'POTENTIAL-CONFLICT begins with a STATE of the partner and ends with the contact, so that these would have to follow in the ' +
      'same conversation; there a partner in any of them that has heard of a conflict goes to POTENTIAL-CONFLICT itself.',
    rule: 'RFC 8156 8.10.2',
  },
  {
    cells: [
      ...matrix(BOTH, ['RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE'], ['POTENTIAL-CONFLICT']),
      ...matrix(BOTH, ['RECOVER-WAIT', 'RECOVER-DONE'], ['RESOLUTION-INTERRUPTED']),
      ...matrix(['secondary'], ['RECOVER-WAIT', 'RECOVER-DONE'], ['CONFLICT-DONE']),
      ...matrix(BOTH, ['RESOLUTION-INTERRUPTED'], ['RECOVER-WAIT', 'RECOVER-DONE']),
      ...matrix(['primary'], ['CONFLICT-DONE'], ['RECOVER-WAIT', 'RECOVER-DONE']),
    ],
    why:
      'A partner in conflict is heard as RESOLUTION-INTERRUPTED or CONFLICT-DONE at first, which takes a server out of RECOVER into ' +
      'the conflict; so none passes RECOVER while its partner is in one, and none gets into one with a partner that has passed it.',
    rule: 'RFC 8156 8.5.2',
  },
  {
    cells: [7, 8, 9, 10, 11, 12, 13].map((code) => `status codes sent: ${statusCodeName(code)}`),
    why: 'Leasequery is not served.',
    rule: 'RFC 5007, RFC 5460, RFC 7653',
  },
  {
    cells: ['status codes sent: UseMulticast'],
    why: 'Clients may send to a unicast address of the server; the code is obsolete.',
    rule: 'RFC 9915 21.12',
  },
  {
    cells: ['status codes sent: DNSUpdateNotSupported'],
    why: 'What an update tells of DNS is left aside instead of refusing the lease with it; the RFC leaves that to the server.',
    rule: 'RFC 8156 9, decision 0042',
  },
  {
    cells: ['lost', 'doubled', 'late'].map((fate) => `datagrams ${fate}: RECONFIGURE`),
    why: 'No RECONFIGURE is sent.',
    rule: 'RFC 9915 18.3.11',
  },
]
