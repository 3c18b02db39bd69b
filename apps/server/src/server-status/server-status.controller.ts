/** Whether this server is up, and all about it. */
import { Controller, Inject } from '@nestjs/common'
import { getHealth, getReadiness, getServer } from '@tandem/api-contract'
import type { Health, Readiness, Server } from '@tandem/api-contract'
import type { EngineService } from '../engine/engine-service.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import { SERVER_READER } from '../http/server-reader.ts'
import type { ServerReader } from '../http/server-reader.ts'
import { whyNotReady } from './readiness.ts'
import { isStale } from './server.view.ts'

@Controller()
export class ServerStatusController {
  constructor(
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(SERVER_READER) private readonly reader: ServerReader,
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
}
