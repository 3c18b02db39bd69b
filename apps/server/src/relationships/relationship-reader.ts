/** Puts a relationship's view together from the published snapshot and the stored history; for routes and live events alike. */
import { Inject, Injectable } from '@nestjs/common'
import type { Relationship } from '@tandem/api-contract'
import type { RelationshipSnapshot } from '@tandem/engine'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService } from '../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listTransitionRows } from '../storage/transitions.queries.ts'
import type { TransitionRow } from '../storage/transitions.queries.ts'
import type { TimelineOf } from './own-timeline.ts'
import { toRelationshipView } from './relationship.view.ts'

const TRANSITIONS_SHOWN = 20

@Injectable()
export class RelationshipReader {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  snapshotOf(name: string): RelationshipSnapshot | undefined {
    return this.engine.view().snapshot.relationships.find((relationship) => relationship.name === name)
  }

  names(): readonly string[] {
    return this.engine.view().snapshot.relationships.map(({ name }) => name)
  }

  /** Of what a timeline of this server is put together. */
  timelineOf(name: string): TimelineOf {
    const { pools } = this.engine.view().snapshot
    const own = pools.filter(({ relationship }) => relationship === name)
    return {
      serverName: this.configuration.node.name,
      relationship: name,
      pools: own.map(({ id }) => id),
    }
  }

  async read(name: string): Promise<Relationship | undefined> {
    const transitions = await listTransitionRows(this.database, {
      relationship: name,
      beforeId: undefined,
      limit: TRANSITIONS_SHOWN,
    })
    return this.viewWith(name, transitions)
  }

  /** Without a look into the database. */
  readWithoutHistory(name: string): Relationship | undefined {
    return this.viewWith(name, [])
  }

  async readAll(): Promise<readonly Relationship[]> {
    const read = await Promise.all(this.names().map(async (name) => this.read(name)))
    return read.filter((relationship) => relationship !== undefined)
  }

  private viewWith(name: string, transitions: readonly TransitionRow[]): Relationship | undefined {
    const published = this.engine.view()
    const snapshot = this.snapshotOf(name)
    if (snapshot === undefined) return undefined
    return toRelationshipView({
      configuration: this.configuration,
      published,
      snapshot,
      transitions,
      partnerView: this.channels.partnerView(name),
      nowMs: Date.now(),
    })
  }
}
