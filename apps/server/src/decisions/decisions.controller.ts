/** Decisions that were recorded, newest first. */
import { Controller, Inject } from '@nestjs/common'
import { listDecisions } from '@tandem/api-contract'
import type { DecisionPage } from '@tandem/api-contract'
import { idOfCursor, pageFrom } from '../http/cursor.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { toLeaseText } from '../http/written-lease.ts'
import { msOf } from '../http/view-values.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listDecisionRows } from '../storage/records.queries.ts'
import { toDecisionView } from './decision.view.ts'

@Controller()
export class DecisionsController {
  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  @Route(listDecisions)
  async list({ query }: RouteInput<typeof listDecisions>): Promise<DecisionPage> {
    const { kind, relationship, lease, from, to, cursor, limit } = query
    const rows = await listDecisionRows(
      this.database,
      {
        kind,
        relationship,
        lease: lease === undefined ? undefined : toLeaseText(lease, 'query.lease'),
        fromMs: msOf(from),
        toMs: msOf(to),
      },
      { beforeId: idOfCursor(cursor), limit: limit + 1 },
    )
    return pageFrom(rows, limit, toDecisionView, ({ id }) => [id])
  }
}
