/** What the mock API knows: it changes as a pair would, and tells whoever listens. */
import type {
  AuditEntry,
  LiveEvent,
  PoolDraining,
  PoolList,
  Relationship,
  Role,
  Server,
  Session,
} from '@tandem/api-contract'
import { AccountBook } from './accounts.ts'
import { BulkReleaseBook } from './bulk-releases.ts'
import { LeaseBook } from './leases.ts'
import { askedAgain } from './partner-views.ts'
import { noPools, poolsWith } from './pools.ts'
import { relationshipsIn } from './relationships.ts'
import { chosenScenario } from './scenario.ts'
import type { Scenario } from './scenario.ts'
import { serverWith } from './server.ts'
import { ComparisonBook } from './table-comparison.ts'
import { secondsAgo } from './times.ts'

export class MockWorld {
  readonly scenario: Scenario
  readonly leases: LeaseBook
  readonly accounts: AccountBook
  readonly bulkReleases: BulkReleaseBook
  readonly comparisons: ComparisonBook
  relationships: readonly Relationship[]
  session: Session | null
  audit: readonly AuditEntry[]
  /** By the ids of the pools. */
  readonly drains = new Map<string, PoolDraining>()
  readonly #listeners = new Set<(event: LiveEvent) => void>()

  constructor() {
    this.scenario = chosenScenario()
    const empty = this.scenario === 'empty'
    this.leases = new LeaseBook(empty ? 0 : 83)
    this.relationships = relationshipsIn(this.scenario)
    this.accounts = new AccountBook(empty)
    this.bulkReleases = new BulkReleaseBook(this)
    this.comparisons = new ComparisonBook(this)
    const signedOut = this.scenario === 'setup' || sessionStorage.getItem('tandem-mock-signed-out') !== null
    this.session = signedOut ? null : sessionOf('ada', 'administrator')
    this.audit = empty
      ? []
      : [
          {
            id: '1',
            at: secondsAgo(3600),
            operator: 'ada',
            action: 'create-api-token',
            target: 'monitoring',
            reason: '',
            commandId: 'c-1',
            outcome: 'done',
            detail: 'role viewer',
          },
        ]
  }

  get server(): Server {
    return serverWith(this.relationships)
  }

  get pools(): PoolList {
    return this.scenario === 'empty' ? noPools() : poolsWith(1121 + this.leases.size, this.scenario, this.drains)
  }

  signIn(name: string): Session {
    this.session = sessionOf(name, name === 'viewer' ? 'viewer' : 'administrator')
    sessionStorage.removeItem('tandem-mock-signed-out')
    return this.session
  }

  signOut(): void {
    this.session = null
    sessionStorage.setItem('tandem-mock-signed-out', 'yes')
  }

  replaceRelationship(changed: Relationship): void {
    this.relationships = this.relationships.map((each) => (each.name === changed.name ? changed : each))
    this.tell({ kind: 'relationship-changed', relationship: changed })
    this.tell({ kind: 'server-changed', server: this.server })
  }

  listen(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** A client comes every few seconds, and the partner is heard. */
  step(): void {
    this.tell({ kind: 'lease-changed', lease: this.leases.arrive(), from: 'free', cause: 'client' })
    const heard = new Date().toISOString()
    this.relationships = this.relationships.map((each) => ({
      ...each,
      ...(each.communicationsOk ? { lastHeardFromPartnerAt: heard, publishedAt: heard } : {}),
      partnerView: askedAgain(each.partnerView),
    }))
    for (const relationship of this.relationships) this.tell({ kind: 'relationship-changed', relationship })
    this.tell({ kind: 'pools-changed', pools: this.pools })
    this.tell({ kind: 'server-changed', server: this.server })
    this.tell({
      kind: 'leases-summary',
      subnets: [{ subnetId: 'offices', activated: '1', renewed: '4', ended: '0', other: '0' }],
    })
  }
}

function sessionOf(name: string, role: Role): Session {
  return {
    operator: { name, role },
    serverName: 'alpha',
    via: 'cookie',
    passwordIsTemporary: false,
    signedInAt: secondsAgo(60),
    expiresAt: null,
  }
}
