/** Where no page is, and where a page broke. */
import { Link, useRouteError } from 'react-router'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <section className="card">
        <Empty icon="search" title="There is no page at this address">
          <Link to={paths.overview()}>Go to the overview</Link>
        </Empty>
      </section>
    </Page>
  )
}

export function BrokenPage() {
  const error = useRouteError()
  return (
    <Page title="The console has failed">
      <section className="card">
        <Empty icon="down" title="This page could not be shown; the servers are not touched by that">
          <p role="alert">{error instanceof Error ? error.message : 'The reason is not known.'}</p>
          <a href={paths.overview()}>Load the overview anew</a>
        </Empty>
      </section>
    </Page>
  )
}
