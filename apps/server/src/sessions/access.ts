/** Sessions and API tokens: opens, finds and ends them. Secrets are stored as hashes only. */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { roles } from '@tandem/api-contract'
import type { Role } from '@tandem/api-contract'
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
import { deleteSession, findSession, insertSession, touchSession } from '../storage/sessions.queries.ts'
import type { SessionRow } from '../storage/sessions.queries.ts'

const SESSION_MS = 12 * 3_600_000
/** Unused for so long, a session ends before its time. */
const IDLE_MS = 4 * 3_600_000
/** "Last seen" is no more exact than this, so that a request seldom writes. */
const TOUCH_MS = 60_000

export interface AccessOptions {
  readonly database: ConsoleDatabase
  readonly serverName: string
  readonly clock: () => number
  /** The console is served over TLS: the cookie says so. */
  readonly secureCookie: boolean
}

export class Access {
  /** Cookies ignore ports, and both servers may run on one host. */
  readonly cookieName: string
  private readonly endListeners = new Set<(principalId: string) => void>()
  private readonly touchedAtMs = new Map<string, number>()

  constructor(private readonly options: AccessOptions) {
    this.cookieName = `tandem-${options.serverName}-session`
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
    operator: { readonly name: string; readonly role: Role },
    userAgent: string,
  ): Promise<{ readonly principal: Principal; readonly setCookie: string }> {
    const nowMs = this.options.clock()
    const secret = randomBytes(32).toString('base64url')
    const principal: Principal = {
      via: 'cookie',
      id: hashOfSecret(secret),
      name: operator.name,
      role: operator.role,
      sinceMs: nowMs,
      expiresAtMs: nowMs + SESSION_MS,
    }
    await insertSession(this.options.database, {
      tokenHash: principal.id,
      operatorName: operator.name,
      nowMs,
      expiresAtMs: nowMs + SESSION_MS,
      userAgent: userAgent.slice(0, 200),
    })
    return { principal, setCookie: this.cookie(secret, SESSION_MS / 1000) }
  }

  /** Ends a session; its live connections end too. Answers the cookie that takes the old one away. */
  async closeSession(principal: Principal): Promise<string> {
    await deleteSession(this.options.database, principal.id)
    this.announceEnd(principal.id)
    return this.cookie('', 0)
  }

  announceEnd(principalId: string): void {
    this.touchedAtMs.delete(principalId)
    for (const listener of this.endListeners) listener(principalId)
  }

  onEnd(listener: (principalId: string) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  private cookie(value: string, maxAge: number): string {
    return stringifySetCookie({
      name: this.cookieName,
      value,
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
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
    return { via: 'api-token', id: row.id, name: `token:${row.name}`, role, sinceMs, expiresAtMs }
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
      role,
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
