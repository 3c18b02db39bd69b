/** Sessions as the API shows them. */
import { roles } from '@tandem/api-contract'
import type { Session, SessionEntry } from '@tandem/api-contract'
import type { Principal } from '../http/principal.ts'
import { isoOf } from '../http/view-values.ts'
import type { SessionRow } from '../storage/sessions.queries.ts'

export function toSessionView(principal: Principal, serverName: string): Session {
  const { name, role, via, passwordIsTemporary, sinceMs, expiresAtMs } = principal
  return {
    operator: { name, role },
    serverName,
    via,
    passwordIsTemporary,
    signedInAt: isoOf(sinceMs),
    expiresAt: expiresAtMs === undefined ? null : isoOf(expiresAtMs),
  }
}

export function toSessionEntry(row: SessionRow, principal: Principal): SessionEntry {
  const { id, name, role } = row.operator
  const known = roles.find((each) => each === role)
  if (known === undefined) throw new Error(`operator ${name} has the unknown role ${role}`)
  return {
    id: row.tokenHash,
    operator: { id, name, role: known },
    signedInAt: isoOf(Number(row.createdAt)),
    lastSeenAt: isoOf(Number(row.lastSeenAt)),
    expiresAt: isoOf(Number(row.expiresAt)),
    address: row.address === '' ? null : row.address,
    userAgent: row.userAgent,
    current: row.tokenHash === principal.id,
  }
}
