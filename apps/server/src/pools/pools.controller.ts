/** Pools with their counts. */
import { Controller, Inject } from '@nestjs/common'
import { listPools } from '@tandem/api-contract'
import type { PoolList } from '@tandem/api-contract'
import type { EngineService } from '../engine/engine-service.ts'
import { ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import { toPoolList } from './pool.view.ts'

@Controller()
export class PoolsController {
  constructor(@Inject(ENGINE_SERVICE) private readonly engine: EngineService) {}

  @Route(listPools)
  list(): PoolList {
    return toPoolList(this.engine.view())
  }
}
