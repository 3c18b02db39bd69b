/** Operators, tokens and sessions of the mock. */
import { Operator, routes } from '@tandem/api-contract'
import type { ApiToken, NewApiToken, Role, Session, SessionEntry } from '@tandem/api-contract'
import { secondsAgo } from './times.ts'
import { WebhookBook } from './webhooks.ts'

const DAY = 86_400
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

export class AccountBook {
  operators: readonly Operator[]
  tokens: readonly ApiToken[]
  sessions: readonly SessionEntry[]
  readonly webhooks: WebhookBook
  #next = 0

  constructor(isEmpty: boolean) {
    const ada = this.#operator('ada', 'administrator', { lastSignInAt: secondsAgo(60) })
    const others = [
      this.#operator('grace', 'operator', { lastSignInAt: secondsAgo(3 * 3_600) }),
      this.#operator('night-shift', 'operator', { passwordIsTemporary: true }),
      this.#operator('old-contractor', 'viewer', { disabled: true, lastSignInAt: secondsAgo(90 * DAY) }),
    ]
    this.operators = isEmpty ? [ada] : [ada, ...others]
    this.webhooks = new WebhookBook(isEmpty)
    this.tokens = isEmpty
      ? []
      : [
          this.#token('monitoring', 'viewer', { expiresAt: secondsAgo(-9 * DAY), lastUsedAt: secondsAgo(20) }),
          this.#token('route injector at the core', 'operator', { scope: ['leases.read'] }),
        ]
    const here = this.#session(ada, AGENT, '2001:db8:10::42', 60, true)
    const elsewhere = others.slice(0, 1).map((grace) => this.#session(grace, PHONE, '192.0.2.17', 7_300))
    this.sessions = isEmpty ? [here] : [here, this.#session(ada, PHONE, '192.0.2.9', 3_600), ...elsewhere]
  }

  find(id: string): Operator | undefined {
    return this.operators.find((each) => each.id === id)
  }

  add(name: string, role: Role, passwordIsTemporary: boolean): Operator {
    const made = this.#operator(name, role, { createdAt: secondsAgo(0), passwordIsTemporary })
    this.operators = [...this.operators, made].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return made
  }

  change(id: string, change: Partial<Operator>): Operator {
    const before = this.find(id)
    if (before === undefined) throw new Error(`there is no ${id}`)
    const after = Operator.parse({ ...before, ...change, version: this.#id('version') })
    this.operators = this.operators.map((each) => (each.id === id ? after : each))
    return after
  }

  remove(id: string): void {
    this.operators = this.operators.filter((each) => each.id !== id)
    this.sessions = this.sessions.filter(({ operator }) => operator.id !== id)
  }

  /** Whether nobody else could manage access. */
  isLastAdministrator({ id }: Operator): boolean {
    return !this.operators.some((each) => each.id !== id && each.role === 'administrator' && !each.disabled)
  }

  makeToken(body: unknown): NewApiToken {
    const { name, role, scope, expiresAt } = routes.createApiToken.body.parse(body)
    const made = this.#token(name, role, { scope, expiresAt, createdAt: secondsAgo(0) })
    this.tokens = [...this.tokens, made]
    return { ...made, token: `tandem_${'0123456789abcdef'.repeat(2)}mock` }
  }

  own(session: Session | null): readonly SessionEntry[] {
    return this.sessions.filter(({ operator }) => operator.name === session?.operator.name)
  }

  #id(what: string): string {
    this.#next += 1
    return `${what}-${this.#next}`
  }

  #operator(name: string, role: Role, more: Partial<Operator>): Operator {
    return {
      id: this.#id('operator'),
      name,
      role,
      unknownRole: null,
      createdAt: secondsAgo(200 * DAY),
      disabled: false,
      passwordIsTemporary: false,
      lastSignInAt: null,
      version: this.#id('version'),
      ...more,
    }
  }

  #token(name: string, role: Role, more: Partial<ApiToken>): ApiToken {
    return {
      id: this.#id('token'),
      name,
      role,
      unknownRole: null,
      scope: null,
      createdBy: 'ada',
      createdAt: secondsAgo(40 * DAY),
      expiresAt: null,
      lastUsedAt: null,
      ...more,
    }
  }

  #session(
    { id, name, role }: Operator,
    userAgent: string,
    address: string,
    ago: number,
    current = false,
  ): SessionEntry {
    return {
      id: this.#id('session'),
      operator: { id, name, role },
      signedInAt: secondsAgo(ago),
      lastSeenAt: secondsAgo(Math.min(ago, 60)),
      expiresAt: secondsAgo(ago - 12 * 3_600),
      address,
      userAgent,
      current,
    }
  }
}
