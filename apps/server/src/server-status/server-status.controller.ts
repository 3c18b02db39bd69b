/** Whether this server is up, and all about it. */
import { Controller, Inject } from '@nestjs/common'
import { getHealth, getServer } from '@tandem/api-contract'
import type { Health, Server } from '@tandem/api-contract'
import type { EngineService } from '../engine/engine-service.ts'
import { ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import { SERVER_READER } from '../http/server-reader.ts'
import type { ServerReader } from '../http/server-reader.ts'
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

  @Route(getServer)
  async server(): Promise<Server> {
    return this.reader.read()
  }
}
