/** Sessions of everybody, for administrators. */
import { Controller, Inject } from '@nestjs/common'
import { endSession, listSessions } from '@tandem/api-contract'
import type { SessionList } from '@tandem/api-contract'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { deleteSessions, findSession, listSessionRows } from '../storage/sessions.queries.ts'
import { Access, IDLE_MS } from './access.ts'
import { noSuchSession } from './no-such-session.ts'
import { toSessionEntry } from './session.view.ts'

@Controller()
export class AllSessionsController {
  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Route(listSessions)
  async list({ principal }: RouteInput<typeof listSessions>): Promise<SessionList> {
    const rows = await listSessionRows(this.database, { nowMs: Date.now(), idleMs: IDLE_MS })
    return { items: rows.map((row) => toSessionEntry(row, principal)) }
  }

  @Route(endSession)
  async end({ params, principal }: RouteInput<typeof endSession>): Promise<undefined> {
    const found = await findSession(this.database, params.id)
    const by = { operator: principal.name, detail: '', nowMs: Date.now() }
    const ended = found === null ? [] : await deleteSessions(this.database, [found], 'end-session', by)
    if (ended.length === 0) throw noSuchSession('GET /api/v1/sessions lists those that there are.')
    this.access.announceEnd(params.id)
  }
}
