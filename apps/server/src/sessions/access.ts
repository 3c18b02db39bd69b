/** Sessions and API tokens: opens, finds and ends them. Secrets are stored as hashes only. */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { roles, scopePermissions } from '@tandem/api-contract'
import type { Role, ScopePermission } from '@tandem/api-contract'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { Principal } from '../http/principal.ts'
import {
  API_TOKEN_PREFIX,
  findApiTokenById,
  findApiTokenBySecret,
  hashOfSecret,
  touchApiToken,
} from '../storage/api-tokens.queries.ts'
import type { ApiTokenRow } from '../storage/api-tokens.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import {
  deleteSessions,
  extendSessionRow,
  findSession,
  insertSession,
  touchSession,
} from '../storage/sessions.queries.ts'
import type { SessionRow } from '../storage/sessions.queries.ts'

const SESSION_MS = 12 * 3_600_000
/** Unused for so long, a session ends before its time. */
export const IDLE_MS = 4 * 3_600_000
const BROWSER_MARK_MS = 180 * 86_400_000
/** "Last seen" is no more exact than this, so that a request seldom writes. */
const TOUCH_MS = 60_000

export interface AccessOptions {
  readonly database: ConsoleDatabase
  readonly serverName: string
  readonly clock: () => number
  /** The console is served over TLS: the cookie says so. */
  readonly secureCookie: boolean
}

export interface SignedInOperator {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly passwordIsTemporary: boolean
}

export class Access {
  /** Cookies ignore ports, and both servers may run on one host. */
  readonly cookieName: string
  private readonly browserCookieName: string
  private readonly endListeners = new Set<(principalId: string) => void>()
  private readonly touchedAtMs = new Map<string, number>()

  constructor(private readonly options: AccessOptions) {
    this.cookieName = `tandem-${options.serverName}-session`
    this.browserCookieName = `tandem-${options.serverName}-browser`
  }

  async authenticate(headers: IncomingHttpHeaders): Promise<Principal | undefined> {
    const { authorization, cookie } = headers
    if (authorization !== undefined) return this.byBearer(authorization)
    const secret = cookie === undefined ? undefined : parseCookie(cookie)[this.cookieName]
    return secret === undefined || secret === '' ? undefined : this.bySession(hashOfSecret(secret))
  }

  /** Whether a sign-in that was valid still is; a live connection asks now and then. */
  async isStillValid(principal: Principal): Promise<boolean> {
    const { database } = this.options
    if (principal.via === 'cookie') return (await this.bySession(principal.id)) !== undefined
    return this.ofToken(await findApiTokenById(database, principal.id)) !== undefined
  }

  /** The cookie to set with the answer. */
  async openSession(
    operator: SignedInOperator,
    from: { readonly userAgent: string; readonly address: string; readonly withCodeOf?: string | undefined },
  ): Promise<{ readonly principal: Principal; readonly setCookie: string }> {
    const nowMs = this.options.clock()
    const secret = randomBytes(32).toString('base64url')
    const principal: Principal = {
      via: 'cookie',
      id: hashOfSecret(secret),
      name: operator.name,
      operatorId: operator.id,
      role: operator.role,
      scope: null,
      passwordIsTemporary: operator.passwordIsTemporary,
      sinceMs: nowMs,
      expiresAtMs: nowMs + SESSION_MS,
    }
    await insertSession(this.options.database, {
      tokenHash: principal.id,
      operatorId: operator.id,
      operatorName: operator.name,
      nowMs,
      expiresAtMs: nowMs + SESSION_MS,
      userAgent: from.userAgent.slice(0, 200),
      address: from.address,
      withCodeOf: from.withCodeOf,
    })
    return { principal, setCookie: this.cookie(this.cookieName, secret, SESSION_MS / 1000) }
  }

  /** The session of the cookie lasts as long as a new one would from now on. */
  async extendSession(
    principal: Principal,
    { cookie }: IncomingHttpHeaders,
  ): Promise<{ readonly principal: Principal; readonly setCookie: string }> {
    const { database, clock } = this.options
    const nowMs = clock()
    const expiresAtMs = nowMs + SESSION_MS
    await extendSessionRow(database, principal.id, expiresAtMs, { operator: principal.name, detail: '', nowMs })
    const secret = parseCookie(cookie ?? '')[this.cookieName] ?? ''
    return {
      principal: { ...principal, expiresAtMs },
      setCookie: this.cookie(this.cookieName, secret, SESSION_MS / 1000),
    }
  }

  /** Ends a session; its live connections end too. Answers the cookie that takes the old one away. */
  async closeSession(principal: Principal): Promise<string> {
    const { database, clock } = this.options
    const session = await findSession(database, principal.id)
    if (session !== null) {
      const by = { operator: principal.name, detail: '', nowMs: clock() }
      await deleteSessions(database, [session], 'sign-out', by)
    }
    this.announceEnd(principal.id)
    return this.cookie(this.cookieName, '', 0)
  }

  /** See known-browser.ts. */
  browserMarkOf({ cookie }: IncomingHttpHeaders): string | undefined {
    return cookie === undefined ? undefined : parseCookie(cookie)[this.browserCookieName]
  }

  browserMarkCookie(mark: string): string {
    return this.cookie(this.browserCookieName, mark, BROWSER_MARK_MS / 1000, '/api/v1/session')
  }

  announceEnd(principalId: string): void {
    this.touchedAtMs.delete(principalId)
    for (const listener of this.endListeners) listener(principalId)
  }

  onEnd(listener: (principalId: string) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  private cookie(name: string, value: string, maxAge: number, path = '/'): string {
    return stringifySetCookie({
      name,
      value,
      httpOnly: true,
      sameSite: 'strict',
      path,
      maxAge,
      secure: this.options.secureCookie,
    })
  }

  private async byBearer(authorization: string): Promise<Principal | undefined> {
    const [scheme, secret, ...more] = authorization.split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || secret === undefined || more.length > 0) return undefined
    if (!secret.startsWith(API_TOKEN_PREFIX)) return undefined
    const principal = this.ofToken(await findApiTokenBySecret(this.options.database, secret))
    if (principal !== undefined && this.isTouchDue(principal.id)) {
      await touchApiToken(this.options.database, principal.id, this.options.clock())
    }
    return principal
  }

  private ofToken(row: ApiTokenRow | null): Principal | undefined {
    const role = roleOf(row?.role)
    if (row === null || role === undefined) return undefined
    const expiresAtMs = row.expiresAt === null ? undefined : Number(row.expiresAt)
    if (expiresAtMs !== undefined && expiresAtMs <= this.options.clock()) return undefined
    const sinceMs = Number(row.createdAt)
    const of = { operatorId: undefined, passwordIsTemporary: false, scope: scopeOf(row.scope) }
    return { via: 'api-token', id: row.id, name: `token:${row.name}`, role, ...of, sinceMs, expiresAtMs }
  }

  private async bySession(tokenHash: string): Promise<Principal | undefined> {
    const row = await findSession(this.options.database, tokenHash)
    const role = roleOf(row?.operator.role)
    if (row === null || role === undefined || row.operator.disabled || this.isOver(row)) return undefined
    if (this.isTouchDue(tokenHash)) await touchSession(this.options.database, tokenHash, this.options.clock())
    return {
      via: 'cookie',
      id: tokenHash,
      name: row.operator.name,
      operatorId: row.operator.id,
      role,
      scope: null,
      passwordIsTemporary: row.operator.passwordTemporary,
      sinceMs: Number(row.createdAt),
      expiresAtMs: Number(row.expiresAt),
    }
  }

  private isOver({ expiresAt, lastSeenAt }: SessionRow): boolean {
    const nowMs = this.options.clock()
    return Number(expiresAt) <= nowMs || Number(lastSeenAt) + IDLE_MS <= nowMs
  }

  private isTouchDue(id: string): boolean {
    const nowMs = this.options.clock()
    if (nowMs - (this.touchedAtMs.get(id) ?? 0) < TOUCH_MS) return false
    this.touchedAtMs.set(id, nowMs)
    return true
  }
}

function roleOf(text: string | undefined): Role | undefined {
  return roles.find((role) => role === text)
}

/** Empty: no limit. A permission that this version does not know admits nothing. */
export function scopeOf(text: string): readonly ScopePermission[] | null {
  if (text === '') return null
  const named = new Set(text.split(' '))
  return scopePermissions.filter((permission) => named.has(permission))
}
