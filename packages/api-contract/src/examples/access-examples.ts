/** Sessions, operators, tokens and what they did, as examples of what the API answers. */
import type { AccountSharing } from '../resources/account-sharing.ts'
import type { ApiToken } from '../resources/api-tokens.ts'
import type { AuditEntry } from '../resources/audit.ts'
import type { Decision } from '../resources/decisions.ts'
import type { Operator } from '../resources/operators.ts'
import type { Session, SessionEntry } from '../resources/sessions.ts'

export const PASSWORD = 'correct horse battery staple'

export const sessionExample: Session = {
  operator: { name: 'ada', role: 'administrator' },
  serverName: 'beta',
  via: 'cookie',
  passwordIsTemporary: false,
  signedInAt: '2026-11-27T02:58:00.000Z',
  expiresAt: '2026-11-27T14:58:00.000Z',
}

export const sessionEntryExample: SessionEntry = {
  id: '3f1f7c0e',
  operator: { id: '8d0c7a52-0b4f-4f5e-9d0e-2a6a3c1f5e77', name: 'ada', role: 'administrator' },
  signedInAt: '2026-11-27T02:58:00.000Z',
  lastSeenAt: '2026-11-27T03:01:00.000Z',
  expiresAt: '2026-11-27T14:58:00.000Z',
  address: '2001:db8:ff::100',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0',
  current: true,
}

export const operatorExample: Operator = {
  id: '1c2f8a0e-77c1-4b0e-8f9e-0d3c5b6a7e21',
  name: 'bob',
  role: 'operator',
  unknownRole: null,
  createdAt: '2026-11-20T09:12:00.000Z',
  disabled: false,
  passwordIsTemporary: false,
  lastSignInAt: '2026-11-26T17:30:00.000Z',
  version: 'b6kV2tAJc4yu8Zr1bQm0rW',
}

export const accountSharingExample: AccountSharing = {
  relationship: 'alpha-beta',
  serverName: 'alpha',
  state: 'in-step',
  since: '2026-11-27T01:00:02.000Z',
  asOf: '2026-11-27T03:01:05.000Z',
  problem: null,
}

export const apiTokenExample: ApiToken = {
  id: '0b9f3e9c-5a51-4d6e-8b0f-6f7a1c2d3e4f',
  name: 'monitoring',
  role: 'viewer',
  unknownRole: null,
  scope: ['status.read'],
  createdBy: 'ada',
  createdAt: '2026-11-20T09:20:00.000Z',
  expiresAt: '2027-11-20T09:20:00.000Z',
  lastUsedAt: '2026-11-27T03:00:30.000Z',
}

export const auditEntryExample: AuditEntry = {
  id: '318',
  at: '2026-11-27T03:01:05.400Z',
  operator: 'ada',
  action: 'declare-partner-down',
  target: 'alpha-beta',
  reason: 'its host burnt down',
  commandId: '9f86d081884c7d659a2feaa0c55ad015',
  outcome: 'done',
  detail: 'COMMUNICATIONS-INTERRUPTED to PARTNER-DOWN',
}

export const decisionExample: Decision = {
  id: '5210',
  kind: 'allocation-failed',
  firstAt: '2026-11-27T02:59:58.000Z',
  at: '2026-11-27T03:00:41.000Z',
  count: '37',
  relationship: 'alpha-beta',
  subnetId: 'offices',
  lease: null,
  clientDuid: '00:03:00:01:02:5e:10:00:09:11',
  messageType: 'SOLICIT',
  reason: 'no-free-lease',
  detail: 'All leases that beta may give are in use.',
  rule: 'RFC 8156 4.2',
  inputs: { ownFree: 0 },
  commitNumber: '9071200',
}
