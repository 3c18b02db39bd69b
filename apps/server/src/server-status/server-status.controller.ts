/** Whether this server is up, and all about it. */
import { Controller, Inject } from '@nestjs/common'
import { getHealth, getReadiness, getServer, listTraffic } from '@tandem/api-contract'
import type { Health, Readiness, Server, TrafficHistory } from '@tandem/api-contract'
import type { EngineService } from '../engine/engine-service.ts'
import { historyPage, toSampleQuery } from '../http/history-page.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { SERVER_READER } from '../http/server-reader.ts'
import type { ServerReader } from '../http/server-reader.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listTrafficSampleRows } from '../storage/samples.queries.ts'
import { whyNotReady } from './readiness.ts'
import { isStale } from './server.view.ts'
import { toTrafficPoint } from './traffic-point.view.ts'

@Controller()
export class ServerStatusController {
  constructor(
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(SERVER_READER) private readonly reader: ServerReader,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
  ) {}

  @Route(getHealth)
  health(): Health {
    return { status: isStale(this.engine.view(), Date.now()) ? 'stalled' : 'up' }
  }

  @Route(getReadiness)
  readiness(): Readiness {
    const because = whyNotReady(this.engine.view(), Date.now())
    if (because === undefined) return { status: 'ready' }
    throw new HttpProblem('unavailable', {
      detail: `This server does not answer clients: ${because}.`,
      remedy: 'Look at the overview of its console, or `tandem ctl status`.',
    })
  }

  @Route(getServer)
  async server(): Promise<Server> {
    return this.reader.read()
  }

  @Route(listTraffic)
  async traffic({ query }: RouteInput<typeof listTraffic>): Promise<TrafficHistory> {
    const asked = toSampleQuery(query)
    // What has not ended is not counted yet.
    const ended = { ...asked, toMs: Math.min(asked.toMs ?? Number.POSITIVE_INFINITY, Date.now()) }
    return historyPage(await listTrafficSampleRows(this.database, ended), query, toTrafficPoint)
  }
}
