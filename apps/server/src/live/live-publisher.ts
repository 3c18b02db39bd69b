/** Turns released notices and views into live events; a view is published again only when something in it has changed. */
import { Inject, Injectable } from '@nestjs/common'
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common'
import { leaseStates } from '@tandem/api-contract'
import type { LiveEvent } from '@tandem/api-contract'
import type { EngineSnapshot, LeaseChanged } from '@tandem/engine'
import type { EngineService, PublishedNotice } from '../engine/engine-service.ts'
import { ENGINE_SERVICE, LOG } from '../http/injection-tokens.ts'
import type { Log } from '../observability/log.ts'
import { LeaseSummary } from './lease-summary.ts'
import { LiveFeed } from './live-feed.ts'
import { LIVE_VIEWS } from './live-views.ts'
import type { LiveViews } from './live-views.ts'
import { shownPart } from './shown-part.ts'
import { whatCannotWait } from './what-cannot-wait.ts'

const TICK_MS = 1_000
/** Single leases that are looked up for one batch of notices; the rest stand in the summary. */
const SINGLE_LEASES_MAX = 100
/** Tables that are further behind have a load that nobody follows lease by lease. */
const LISTS_WAIT_MS = 2_000

@Injectable()
export class LivePublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly summary = new LeaseSummary()
  private readonly shown = new Map<string, string>()
  private readonly stops: (() => void)[] = []
  private refreshing: Promise<void> | undefined
  private again = false
  private urgentShown = ''
  /** One lease after the other, so that the events of a lease keep their order. */
  private leasesShown = Promise.resolve()
  private watchers = 0
  private singleLeaseWatchers = 0

  constructor(
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(LIVE_VIEWS) private readonly views: LiveViews,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.summary.take(this.engine.view().counters.events.leaseChanges)
    const timer = setInterval(() => this.tick(), TICK_MS)
    this.stops.push(
      () => clearInterval(timer),
      this.engine.onNotices((notices) => this.onNotices(notices)),
      this.engine.onView(({ snapshot }) => this.onView(snapshot)),
    )
  }

  onApplicationShutdown(): void {
    for (const stop of this.stops.splice(0)) stop()
  }

  /** Counts those who listen: without any, views are not put together. Answers the function that ends it. */
  watch(): () => void {
    this.watchers += 1
    this.refreshSoon()
    return () => {
      this.watchers -= 1
    }
  }

  watchSingleLeases(): () => void {
    this.singleLeaseWatchers += 1
    return () => {
      this.singleLeaseWatchers -= 1
    }
  }

  /** Publishes what has changed since it was last shown; two at once are one, followed by another. */
  async refresh(): Promise<void> {
    if (this.refreshing !== undefined) {
      this.again = true
      return this.refreshing
    }
    this.refreshing = this.refreshUntilCurrent()
    await this.refreshing
    this.refreshing = undefined
  }

  private async refreshUntilCurrent(): Promise<void> {
    try {
      do {
        this.again = false
        await this.refreshOnce()
      } while (this.again)
    } catch (error) {
      this.sayFailed(error)
    }
  }

  private async refreshOnce(): Promise<void> {
    await this.publishTransitions()
    for (const relationship of await this.views.relationships()) {
      this.publishIfChanged(`relationship ${relationship.name}`, { kind: 'relationship-changed', relationship })
    }
    this.publishIfChanged('pools', { kind: 'pools-changed', pools: this.views.pools() })
    this.publishIfChanged('server', { kind: 'server-changed', server: await this.views.server() })
    for (const entry of await this.views.newAudit()) this.publish({ kind: 'audit', entry })
  }

  /** As they stand in the history, so that none is left out however fast they follow each other. */
  private async publishTransitions(): Promise<void> {
    for (;;) {
      const transitions = await this.views.newTransitions()
      if (transitions.length === 0) return
      for (const transition of transitions) this.publish({ kind: 'transition', transition })
    }
  }

  private tick(): void {
    const subnets = this.summary.take(this.engine.view().counters.events.leaseChanges)
    if (subnets.length > 0) this.publish({ kind: 'leases-summary', subnets })
    this.refreshSoon()
  }

  private refreshSoon(): void {
    if (this.watchers > 0) void this.refresh()
  }

  /** The next change is another try; who serves clients is not disturbed by what is shown of it. */
  private sayFailed(error: unknown): void {
    this.log.write('error', 'LIVE_FAILED', `live events could not be put together: ${String(error)}`)
  }

  /** Views come five times a second while clients come: what only moves with them is left to the tick. */
  private onView(snapshot: EngineSnapshot): void {
    const urgent = whatCannotWait(snapshot)
    if (urgent === this.urgentShown) return
    this.urgentShown = urgent
    this.refreshSoon()
  }

  private onNotices(notices: readonly PublishedNotice[]): void {
    if (this.singleLeaseWatchers === 0) return
    const changes = notices.map(({ notice }) => notice).filter((notice) => notice.kind === 'lease-changed')
    for (const change of changes.slice(-SINGLE_LEASES_MAX)) {
      this.leasesShown = this.leasesShown.then(() => this.publishLease(change))
    }
  }

  private async publishLease({ lease: text, from, cause }: LeaseChanged): Promise<void> {
    const lease = await this.readLease(text)
    if (lease === undefined) return
    const lower = from?.toLowerCase()
    this.publish({ kind: 'lease-changed', lease, from: leaseStates.find((state) => state === lower) ?? null, cause })
  }

  private async readLease(text: string): ReturnType<LiveViews['lease']> {
    try {
      await this.engine.untilListsShow(LISTS_WAIT_MS)
      return await this.views.lease(text)
    } catch (error) {
      this.sayFailed(error)
      return undefined
    }
  }

  private publishIfChanged(key: string, event: LiveEvent): void {
    const text = JSON.stringify(event, shownPart)
    if (this.shown.get(key) === text) return
    this.shown.set(key, text)
    this.publish(event)
  }

  private publish(event: LiveEvent): void {
    this.feed.publish(event, this.engine.view().commitNumber)
  }
}
