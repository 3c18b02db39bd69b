/** The audit, newest first. */
import { Controller, Inject } from '@nestjs/common'
import { listAudit } from '@tandem/api-contract'
import type { AuditPage } from '@tandem/api-contract'
import { idOfCursor, pageFrom } from '../http/cursor.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { msOf } from '../http/view-values.ts'
import { listAuditRows } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { toAuditView } from './audit.view.ts'

@Controller()
export class AuditController {
  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  @Route(listAudit)
  async list({ query }: RouteInput<typeof listAudit>): Promise<AuditPage> {
    const { cursor, limit, from, to, ...filter } = query
    const rows = await listAuditRows(
      this.database,
      { ...filter, fromMs: msOf(from), toMs: msOf(to) },
      { beforeId: idOfCursor(cursor), limit: limit + 1 },
    )
    return pageFrom(rows, limit, toAuditView, ({ id }) => [id])
  }
}
