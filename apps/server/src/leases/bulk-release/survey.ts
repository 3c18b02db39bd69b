/** The active leases that a search finds: how many there are, which would be released, and why the others not. */
import { BULK_RELEASE_LEASES_MAX } from '@tandem/api-contract'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import type { LeaseFilter } from '../../storage/lease-filter.ts'
import { readLeasePage } from '../../storage/lease-pages.queries.ts'
import type { LeaseKey, LeaseRow } from '../../storage/leases.queries.ts'
import type { Refusal } from './left-alone.ts'
import { Tally } from './tally.ts'

const PAGE_ROWS = 500

export interface Survey {
  readonly active: number
  /** False: there are more, and those were not looked at. */
  readonly exact: boolean
  readonly releasable: readonly LeaseKey[]
  readonly refused: Tally
}

export async function surveyLeases(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  judge: (row: LeaseRow) => Refusal | undefined,
): Promise<Survey> {
  const releasable: LeaseKey[] = []
  const refused = new Tally()
  let active = 0
  let after: LeaseKey | undefined
  for (;;) {
    const query = { after, limit: PAGE_ROWS, countMax: 1 }
    const { rows } = await readLeasePage(database, { ...filter, status: 'ACTIVE' }, query)
    for (const row of rows) {
      if (active === BULK_RELEASE_LEASES_MAX) return { active, exact: false, releasable, refused }
      active += 1
      const refusal = judge(row)
      if (refusal !== undefined) refused.add(refusal)
      else releasable.push({ kind: row.kind, address: row.address, length: row.length })
    }
    if (rows.length < PAGE_ROWS) return { active, exact: true, releasable, refused }
    after = rows.at(-1)
  }
}
