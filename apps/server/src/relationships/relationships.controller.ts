/** Relationships, their history, and declaring the partner down. */
import { Controller, Inject } from '@nestjs/common'
import {
  compareConfigurations,
  declarePartnerDown,
  failoverStateMachine,
  failoverStateWord,
  getFailoverStates,
  getRelationship,
  getTimeline,
  handOver,
  listRelationships,
  listTransitions,
  rebalance,
  resync,
  takeBack,
} from '@tandem/api-contract'
import type {
  ConfigurationComparison,
  FailoverStates,
  Relationship,
  RelationshipList,
  Timeline,
  TimelineQuery,
  TransitionPage,
} from '@tandem/api-contract'
import { instant } from '@tandem/engine'
import type { RelationshipSnapshot, ServiceCommand } from '@tandem/engine'
import type { EngineService } from '../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { commandRefusal } from '../http/command-refusal.ts'
import { idOfCursor, pageFrom } from '../http/cursor.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { commandIdOf } from '../http/idempotency.interceptor.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { untilViewShows } from '../http/until-view-shows.ts'
import { isoOf, msOf } from '../http/view-values.ts'
import { wasCommandDone } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import type { Stretch } from '../storage/timeline.queries.ts'
import { listTransitionRows } from '../storage/transitions.queries.ts'
import { newestFirst, ownTimeline } from './own-timeline.ts'
import { RelationshipReader } from './relationship-reader.ts'
import { toTransitionView } from './relationship.view.ts'

type ServiceInput = Pick<RouteInput<typeof handOver>, 'params' | 'body' | 'principal' | 'request'>

@Controller()
export class RelationshipsController {
  constructor(
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(RelationshipReader) private readonly reader: RelationshipReader,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  @Route(listRelationships)
  async list(): Promise<RelationshipList> {
    return { items: [...(await this.reader.readAll())] }
  }

  @Route(getRelationship)
  async get({ params }: RouteInput<typeof getRelationship>): Promise<Relationship> {
    return this.readOrRefuse(params.name)
  }

  @Route(compareConfigurations)
  async compare({ params }: RouteInput<typeof compareConfigurations>): Promise<ConfigurationComparison> {
    this.insistOnRelationship(params.name)
    return this.channels.compareConfigurations(params.name)
  }

  @Route(listTransitions)
  async transitions({ params, query }: RouteInput<typeof listTransitions>): Promise<TransitionPage> {
    this.insistOnRelationship(params.name)
    const rows = await listTransitionRows(this.database, {
      relationship: params.name,
      state: query.state === undefined ? undefined : failoverStateWord(query.state),
      fromMs: msOf(query.from),
      toMs: msOf(query.to),
      beforeId: idOfCursor(query.cursor),
      limit: query.limit + 1,
    })
    return pageFrom(rows, query.limit, toTransitionView, ({ id }) => [id])
  }

  @Route(getTimeline)
  async timeline({ params, query }: RouteInput<typeof getTimeline>): Promise<Timeline> {
    const { name } = params
    this.insistOnRelationship(name)
    const nowMs = Date.now()
    const stretch = stretchOf(query, nowMs)
    const of = this.reader.timelineOf(name)
    const [own, partner] = await Promise.all([
      ownTimeline(this.database, of, stretch),
      this.channels.partnerTimeline(name, stretch),
    ])
    const { items, ...about } = own
    const told = { serverName: of.serverName, outcome: 'told', problem: null, asOf: isoOf(nowMs), ...about } as const
    return {
      relationship: name,
      from: isoOf(stretch.fromMs),
      to: isoOf(stretch.toMs),
      servers: [told, partner.server],
      items: [...items, ...partner.items].toSorted(newestFirst),
    }
  }

  @Route(getFailoverStates)
  failoverStates(): FailoverStates {
    return failoverStateMachine
  }

  @Route(declarePartnerDown)
  async declarePartnerDown(input: RouteInput<typeof declarePartnerDown>): Promise<Relationship> {
    const { params, body, principal, request } = input
    this.insistOnRelationship(params.name)
    const commandId = commandIdOf(request)
    // A process that died between the commit and its answer left the key without an answer, but the audit with the deed.
    if (await wasCommandDone(this.database, commandId)) return this.readOrRefuse(params.name)
    const result = await this.engine.command(commandId, principal.name, {
      kind: 'declare-partner-down',
      relationship: params.name,
      reason: body.reason,
      seenState: failoverStateWord(body.seenState),
      force: body.force,
      downSince: body.downSince === undefined ? undefined : instant(Date.parse(body.downSince)),
    })
    if (!result.ok) throw commandRefusal(result)
    await this.viewWith(params.name, ({ state }) => state === 'PARTNER-DOWN')
    return this.readOrRefuse(params.name)
  }

  @Route(handOver)
  async handOver(input: RouteInput<typeof handOver>): Promise<Relationship> {
    return this.service('hand-over', input, ({ handedOver }) => handedOver !== undefined)
  }

  @Route(takeBack)
  async takeBack(input: RouteInput<typeof takeBack>): Promise<Relationship> {
    return this.service('take-back', input, ({ handedOver }) => handedOver === undefined)
  }

  @Route(resync)
  async resync(input: RouteInput<typeof resync>): Promise<Relationship> {
    return this.service('resync', input)
  }

  @Route(rebalance)
  async rebalance(input: RouteInput<typeof rebalance>): Promise<Relationship> {
    return this.service('rebalance', input)
  }

  /** `shows`: what the answer has to show of the deed. */
  private async service(
    kind: ServiceCommand['kind'],
    { params, body, principal, request }: ServiceInput,
    shows: (snapshot: RelationshipSnapshot) => boolean = () => true,
  ): Promise<Relationship> {
    this.insistOnRelationship(params.name)
    const commandId = commandIdOf(request)
    if (await wasCommandDone(this.database, commandId)) return this.readOrRefuse(params.name)
    const command = { kind, relationship: params.name, reason: body.reason }
    const result = await this.engine.command(commandId, principal.name, command)
    if (!result.ok) throw commandRefusal(result)
    await this.viewWith(params.name, shows)
    return this.readOrRefuse(params.name)
  }

  private async viewWith(name: string, isShown: (snapshot: RelationshipSnapshot) => boolean): Promise<void> {
    const shows = (): boolean => {
      const snapshot = this.reader.snapshotOf(name)
      return snapshot !== undefined && isShown(snapshot)
    }
    await untilViewShows(this.engine, shows)
  }

  private async readOrRefuse(name: string): Promise<Relationship> {
    const relationship = await this.reader.read(name)
    if (relationship === undefined) throw this.noSuch(name)
    return relationship
  }

  private insistOnRelationship(name: string): void {
    if (this.reader.snapshotOf(name) === undefined) throw this.noSuch(name)
  }

  private noSuch(name: string): HttpProblem {
    const names = this.reader.names()
    return new HttpProblem('not-found', {
      detail: `This server has no relationship named ${name}.`,
      remedy: names.length === 0 ? 'It has none at all.' : `It has: ${names.join(', ')}.`,
      fields: [{ field: 'params.name', message: 'names no relationship' }],
    })
  }
}

const DAY_MS = 86_400_000

function stretchOf({ from, to, limit }: TimelineQuery, nowMs: number): Stretch {
  const toMs = msOf(to) ?? nowMs
  const fromMs = msOf(from) ?? toMs - DAY_MS
  if (fromMs > toMs) {
    throw new HttpProblem('invalid-request', {
      detail: 'The stretch ends before it begins.',
      remedy: 'Let `from` be earlier than `to`; without `from` it is the day before `to`.',
      fields: [{ field: 'query.from', message: 'is later than `to`' }],
    })
  }
  return { fromMs, toMs, limit }
}
