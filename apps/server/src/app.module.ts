/** The list of capabilities, and where those parts meet that do not know each other. */
import { randomUUID } from 'node:crypto'
import type { ModuleMetadata } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core'
import { ApiTokensController } from './api-tokens/api-tokens.controller.ts'
import { DecisionsController } from './decisions/decisions.controller.ts'
import { AuditController } from './audit/audit.controller.ts'
import { toAuditView } from './audit/audit.view.ts'
import { ChecksController } from './checks/checks.controller.ts'
import { relationshipChecks } from './checks/relationship-checks.ts'
import { serverChecks } from './checks/server-checks.ts'
import { AccessGuard } from './http/access.guard.ts'
import { IdempotencyInterceptor } from './http/idempotency.interceptor.ts'
import { CHECK_READER } from './http/check-reader.ts'
import type { CheckReader } from './http/check-reader.ts'
import { CHANNEL_VIEWS } from './http/channel-views.ts'
import type { ChannelViews } from './http/channel-views.ts'
import type { ConsoleCertificate } from './http/console-tls.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE, LOG, SERVER_FACTS } from './http/injection-tokens.ts'
import type { ApiOptions } from './http/injection-tokens.ts'
import { ProblemFilter } from './http/problem.filter.ts'
import { SERVER_READER } from './http/server-reader.ts'
import type { ServerReader } from './http/server-reader.ts'
import { SIGN_IN_ENDS } from './http/sign-in-ends.ts'
import { toLeaseKey } from './http/written-lease.ts'
import { BulkReleases } from './leases/bulk-release/bulk-releases.ts'
import { BulkReleasesController } from './leases/bulk-release/bulk-releases.controller.ts'
import { toLeaseView } from './leases/lease.view.ts'
import { TableComparisons } from './leases/table-comparison/table-comparisons.ts'
import { TableComparisonsController } from './leases/table-comparison/table-comparisons.controller.ts'
import { LeaseEventsController } from './lease-events/lease-events.controller.ts'
import { WebhookDeliveries } from './lease-events/webhook-deliveries.ts'
import { WebhooksController } from './lease-events/webhooks.controller.ts'
import { LeasesController } from './leases/leases.controller.ts'
import { LiveFeed } from './live/live-feed.ts'
import { LivePublisher } from './live/live-publisher.ts'
import { LIVE_VIEWS } from './live/live-views.ts'
import type { LiveViews } from './live/live-views.ts'
import { LiveGateway } from './live/live.gateway.ts'
import { OperatorsController } from './operators/operators.controller.ts'
import { PoolTrends } from './pools/pool-trends.ts'
import { toPoolList } from './pools/pool.view.ts'
import { PoolsController } from './pools/pools.controller.ts'
import { toTransitionView } from './relationships/relationship.view.ts'
import { RelationshipReader } from './relationships/relationship-reader.ts'
import { RelationshipsController } from './relationships/relationships.controller.ts'
import { ServerStatusController } from './server-status/server-status.controller.ts'
import { toServerView } from './server-status/server.view.ts'
import { TrafficWindow } from './server-status/traffic-window.ts'
import { Access } from './sessions/access.ts'
import { AttemptLimit } from './sessions/attempt-limit.ts'
import { AllSessionsController } from './sessions/all-sessions.controller.ts'
import { OwnAccountController } from './sessions/own-account.controller.ts'
import { PartnerSignInController } from './sessions/partner-sign-in.controller.ts'
import { RefusedSignIns } from './sessions/refused-sign-ins.ts'
import { SessionsController } from './sessions/sessions.controller.ts'
import { SetUpToken } from './sessions/set-up-token.ts'
import { SignInCodes } from './sessions/sign-in-codes.ts'
import { SignInLimit } from './sessions/sign-in-limit.ts'
import { lastAuditId, listAuditRowsAfter } from './storage/audit.queries.ts'
import type { ConsoleDatabase } from './storage/console-database.ts'
import { findLeaseRow } from './storage/leases.queries.ts'
import { lastTransitionId, listTransitionRowsAfter } from './storage/transitions.queries.ts'

const capabilities = [
  AllSessionsController,
  ApiTokensController,
  AuditController,
  BulkReleasesController,
  ChecksController,
  DecisionsController,
  LeaseEventsController,
  LeasesController,
  OperatorsController,
  OwnAccountController,
  PartnerSignInController,
  PoolsController,
  RelationshipsController,
  ServerStatusController,
  SessionsController,
  TableComparisonsController,
  WebhooksController,
] as const

/** What stands beside Nest and is shown by it. */
export interface AppParts {
  readonly consoleCertificate: () => ConsoleCertificate | undefined
  readonly channels: ChannelViews
}

export function appModule(options: ApiOptions, parts: AppParts): ModuleMetadata {
  const { configuration, consoleDatabase, engineService } = options
  const access = new Access({
    database: consoleDatabase,
    serverName: configuration.node.name,
    clock: Date.now,
    secureCookie: configuration.node.api.tls !== undefined,
  })
  const feed = new LiveFeed(randomUUID(), Date.now)
  return {
    imports: [DiscoveryModule],
    controllers: [...capabilities],
    providers: [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: ENGINE_SERVICE, useValue: engineService },
      { provide: CONSOLE_DATABASE, useValue: consoleDatabase },
      { provide: SERVER_FACTS, useValue: options.serverFacts },
      { provide: LOG, useValue: options.log },
      { provide: CHANNEL_VIEWS, useValue: parts.channels },
      { provide: Access, useValue: access },
      { provide: SIGN_IN_ENDS, useValue: access },
      { provide: LiveFeed, useValue: feed },
      { provide: AttemptLimit, useFactory: () => new AttemptLimit(Date.now) },
      { provide: SignInLimit, useFactory: () => new SignInLimit(Date.now) },
      RefusedSignIns,
      SetUpToken,
      SignInCodes,
      PoolTrends,
      WebhookDeliveries,
      RelationshipReader,
      BulkReleases,
      TableComparisons,
      {
        provide: SERVER_READER,
        inject: [RelationshipReader],
        useFactory: (relationships: RelationshipReader) => serverReader(options, relationships, feed.epoch, parts),
      },
      {
        provide: CHECK_READER,
        inject: [RelationshipReader, SERVER_READER, TableComparisons],
        useFactory: (relationships: RelationshipReader, server: ServerReader, comparisons: TableComparisons) =>
          checkReader({ relationships, server, comparisons, channels: parts.channels }),
      },
      {
        provide: LIVE_VIEWS,
        inject: [RelationshipReader, SERVER_READER, PoolTrends],
        useFactory: async (relationships: RelationshipReader, server: ServerReader, trends: PoolTrends) =>
          liveViews(options, { relationships, server, trends, channels: parts.channels }),
      },
      LivePublisher,
      LiveGateway,
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    ],
  }
}

function serverReader(
  options: ApiOptions,
  relationships: RelationshipReader,
  epoch: string,
  { consoleCertificate, channels }: AppParts,
): ServerReader {
  const { configuration, engineService, serverFacts } = options
  const window = new TrafficWindow()
  window.add(engineService.view())
  engineService.onView((view) => window.add(view))
  return {
    read: async () =>
      toServerView({
        configuration,
        facts: serverFacts,
        relationships: await relationships.readAll(),
        published: engineService.view(),
        traffic: window.read(),
        epoch,
        consoleCertificate: consoleCertificate(),
        channelListeners: channels.listeners(),
        nowMs: Date.now(),
      }),
  }
}

interface CheckParts {
  readonly relationships: RelationshipReader
  readonly server: ServerReader
  readonly comparisons: TableComparisons
  readonly channels: ChannelViews
}

function checkReader({ relationships, server, comparisons, channels }: CheckParts): CheckReader {
  return {
    read: async (only) => {
      const nowMs = Date.now()
      const view = await server.read()
      const looked = relationships.names().filter((name) => only === undefined || name === only)
      const sharing = channels.accountSharing()
      const compared = comparisons.findings()
      const found = looked.flatMap((name) => {
        const relationship = relationships.readWithoutHistory(name)
        if (relationship === undefined) return []
        const shared = sharing.find((each) => each.relationship === name)
        const comparison = compared.find((each) => each.relationship === name)
        return relationshipChecks({ relationship, version: view.version, sharing: shared, comparison, nowMs })
      })
      return [...serverChecks(view, nowMs), ...found]
    },
  }
}

interface LiveParts {
  readonly relationships: RelationshipReader
  readonly server: ServerReader
  readonly trends: PoolTrends
  readonly channels: ChannelViews
}

async function liveViews(
  { engineService, consoleDatabase }: ApiOptions,
  { relationships, server, trends, channels }: LiveParts,
): Promise<LiveViews> {
  let shownAuditId = await lastAuditId(consoleDatabase)
  let shownTransitionId = await lastTransitionId(consoleDatabase)
  return {
    relationships: async () => relationships.readAll(),
    server: async () => server.read(),
    pools: () => toPoolList(engineService.view(), trends, (relationship) => channels.partnerView(relationship)),
    lease: (text) => leaseByText(consoleDatabase, text),
    newTransitions: async () => {
      const rows = await listTransitionRowsAfter(consoleDatabase, shownTransitionId)
      shownTransitionId = rows.at(-1)?.id ?? shownTransitionId
      return rows.map(toTransitionView)
    },
    newAudit: async () => {
      const rows = await listAuditRowsAfter(consoleDatabase, shownAuditId)
      shownAuditId = rows.at(-1)?.id ?? shownAuditId
      return rows.map(toAuditView)
    },
  }
}

async function leaseByText(database: ConsoleDatabase, text: string) {
  const row = await findLeaseRow(database, toLeaseKey(text))
  return row === undefined ? undefined : toLeaseView(row)
}
