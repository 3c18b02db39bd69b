/** All leases, filtered by the URL and paged by cursor; new ones come in live, but never move rows under pointer or focus. */
import { failureOf } from '@tandem/api-contract'
import type { LeasePage, LeaseSort } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router'
import { leasesQuery, poolsQuery } from '../../api/queries.ts'
import { BulkReleaseButton } from '../../features/bulk-release/bulk-release-button.tsx'
import { BulkReleaseNews } from '../../features/bulk-release/bulk-release-news.tsx'
import { groupedDigits } from '../../components/count-words.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Page } from '../../ui/page.tsx'
import { Polite } from '../../ui/polite.tsx'
import {
  exportPath,
  filterFields,
  filterText,
  isFiltered,
  leaseFilter,
  releasableSearch,
  searchOf,
} from './lease-filter.ts'
import type { FilterField } from './lease-filter.ts'
import { ComparisonNote, useComparison } from './comparison-note.tsx'
import { HoldButton } from './hold-button.tsx'
import { LeaseFilterForm } from './lease-filter-form.tsx'
import { LeasesTable } from './leases-table.tsx'
import { leaseSortOf, leaseSortWords } from './lease-order.ts'
import { useHold } from './use-hold.ts'
import { useLiveRows } from './use-live-rows.ts'
import './leases.css'

export function LeasesPage() {
  const [search, setSearch] = useSearchParams()
  const leases = useQuery(leasesQuery(leaseFilter(search)))
  const pools = useQuery(poolsQuery)
  const text = useMemo(() => filterText(search), [search])
  const sort = leaseSortOf(search)
  const releasable = useMemo(() => releasableSearch(search), [search])
  const subnetIds = useMemo(
    () => [...new Set(pools.data?.items.map(({ subnetId }) => subnetId))].toSorted(),
    [pools.data],
  )
  return (
    <Page
      title="Leases"
      lead={<Total of={leases.data} sort={sort} />}
      acts={
        <>
          <Link className="button button-small" to={paths.leaseTail()}>
            <Icon name="play" /> Follow changes
          </Link>
          <a className="button button-small" href={exportPath(search)} download>
            <Icon name="download" /> Download CSV
          </a>
        </>
      }
    >
      <BulkReleaseNews />
      <div className="card">
        <LeaseFilterForm
          text={text}
          subnetIds={subnetIds}
          sort={sort}
          apply={(...wish) => setSearch(searchOf(...wish))}
          errors={fieldErrors(leases.error)}
        />
        {releasable !== undefined && <BulkReleaseButton {...releasable} />}
        <Answer to={leases} what="the leases">
          {(page) => <LeaseList page={page} search={search} />}
        </Answer>
      </div>
    </Page>
  )
}

interface TotalProps {
  readonly of: LeasePage | undefined
  readonly sort: LeaseSort
}

function Total({ of: page, sort }: TotalProps) {
  const { lead } = leaseSortWords[sort]
  if (page === undefined) return <>All of them, {lead}</>
  const { count, exact } = page.total
  return (
    <>
      {exact ? '' : 'More than '}
      {groupedDigits(count)} {count === '1' ? 'lease' : 'leases'}, {lead}
    </>
  )
}

/** The server says which field it could not read. */
function fieldErrors(error: Error | null): Partial<Record<FilterField, string>> {
  if (error === null) return {}
  const fields = failureOf(error).problem?.fields ?? []
  return Object.fromEntries(
    filterFields.flatMap((name) => {
      const problem = fields.find(({ field }) => field === `query.${name}`)
      return problem === undefined ? [] : [[name, problem.message]]
    }),
  )
}

function LeaseList({ page, search }: { readonly page: LeasePage; readonly search: URLSearchParams }) {
  const hold = useHold()
  const { isHeld } = hold
  const [shownAt, showNow] = useState(0)
  const { leases, waiting, gone, fresh } = useLiveRows(page.items, `${search.toString()} ${shownAt}`, isHeld)
  const comparison = useComparison(leases)
  if (leases.length === 0) return <NoLeases filtered={isFiltered(search)} />
  const outside = waiting + gone.size
  const note = noteOn(isHeld, waiting, gone.size)
  return (
    <>
      <div className="table-note">
        <span>{note}</span>
        <Polite text={note} />
        <span className="row">
          {outside > 0 && (
            <Button size="small" onPress={() => showNow((times) => times + 1)}>
              Show now
            </Button>
          )}
          <HoldButton hold={hold} />
        </span>
      </div>
      <ComparisonNote of={comparison} />
      <div {...hold.handlers}>
        <LeasesTable
          leases={leases}
          withSince={leaseSortOf(search).endsWith('stateSince')}
          fresh={fresh}
          gone={gone}
          compared={comparison.byKey}
        />
      </div>
      <Pager nextCursor={page.nextCursor} />
    </>
  )
}

function noteOn(held: boolean, waiting: number, gone: number): string {
  if (waiting + gone > 0) return `Rows are held: ${waiting} new, ${gone} no longer on this page`
  return held ? 'Rows are held in place; values change where they stand' : 'New leases come in by themselves'
}

function NoLeases({ filtered }: { readonly filtered: boolean }) {
  return filtered ? (
    <Empty icon="search" title="No lease fits this filter">
      <p>An address may be written in any form; of a prefix, everything within it is found.</p>
    </Empty>
  ) : (
    <Empty icon="leases" title="No client has a lease yet">
      <p>The first one appears here by itself, as soon as it is given.</p>
    </Empty>
  )
}

function Pager({ nextCursor }: { readonly nextCursor: string | null }) {
  const [search] = useSearchParams()
  const { key } = useLocation()
  const navigate = useNavigate()
  const onLaterPage = search.has('cursor')
  if (nextCursor === null && !onLaterPage) return null
  const to = (cursor: string | null): void => {
    const next = new URLSearchParams(search)
    if (cursor === null) next.delete('cursor')
    else next.set('cursor', cursor)
    void navigate(`?${next.toString()}`)
  }
  return (
    <nav className="pager" aria-label="Pages of leases">
      <Button isDisabled={!onLaterPage} onPress={() => to(null)}>
        First page
      </Button>
      <Button isDisabled={!onLaterPage || key === 'default'} onPress={() => void navigate(-1)}>
        Previous
      </Button>
      <Button isDisabled={nextCursor === null} onPress={() => to(nextCursor)}>
        Next
      </Button>
    </nav>
  )
}
