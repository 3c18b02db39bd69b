/** Lists of leases and single ones, read from the table and not from the engine's memory. */
import { Controller, Inject } from '@nestjs/common'
import { getLease, listLeases } from '@tandem/api-contract'
import type { Lease, LeasePage } from '@tandem/api-contract'
import { decodeCursor, pageFrom, wrongCursor } from '../http/cursor.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { countLeaseRows, findLeaseRow, listLeaseRows } from '../storage/leases.queries.ts'
import type { LeaseKey } from '../storage/leases.queries.ts'
import { toLeaseFilter, toLeaseKey } from './lease-search.ts'
import { toLeaseView } from './lease.view.ts'

/** Beyond this a list says "more than". */
const COUNT_MAX = 10_000

@Controller()
export class LeasesController {
  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  @Route(listLeases)
  list({ query }: RouteInput<typeof listLeases>): LeasePage {
    const filter = toLeaseFilter(query)
    const after = query.cursor === undefined ? undefined : keyOfCursor(query.cursor)
    const rows = listLeaseRows(this.database, filter, { after, limit: query.limit + 1 })
    const count = countLeaseRows(this.database, filter, COUNT_MAX + 1)
    return {
      ...pageFrom(rows, query.limit, toLeaseView, ({ kind, address, length }) => [
        kind,
        Buffer.from(address).toString('hex'),
        length,
      ]),
      total: { count: Math.min(count, COUNT_MAX), exact: count <= COUNT_MAX },
    }
  }

  @Route(getLease)
  get({ params }: RouteInput<typeof getLease>): Lease {
    const row = findLeaseRow(this.database, toLeaseKey(params.address))
    if (row !== undefined) return toLeaseView(row)
    throw new HttpProblem('not-found', {
      detail: `There is no record of a lease ${params.address}.`,
      remedy: 'An address that was never given has no record; a prefix is written with its length, 2001:db8::-56.',
      fields: [{ field: 'params.address', message: 'has no record' }],
    })
  }
}

function keyOfCursor(cursor: string): LeaseKey {
  const [kind, hex, length] = decodeCursor(cursor, 3)
  if ((kind !== 'address' && kind !== 'prefix') || typeof hex !== 'string' || typeof length !== 'number') {
    throw wrongCursor()
  }
  return { kind, address: Buffer.from(hex, 'hex'), length }
}
