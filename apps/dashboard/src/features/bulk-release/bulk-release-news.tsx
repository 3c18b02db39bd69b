/** On the page of the leases: the bulk release that runs, or ended a moment ago, whoever began it and wherever. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bulkReleasesQuery } from '../../api/queries.ts'
import { useNow } from '../../ui/clock.ts'
import { BulkReleaseProgress } from './bulk-release-progress.tsx'
import { shownRelease } from './bulk-release-words.ts'

export function BulkReleaseNews() {
  const releases = useQuery(bulkReleasesQuery)
  const now = useNow()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const shown = shownRelease(releases.data ?? [], hidden, now)
  if (shown === undefined) return null
  return (
    <section aria-label="Release of leases">
      <BulkReleaseProgress of={shown} hide={() => setHidden(new Set([...hidden, shown.id]))} />
    </section>
  )
}
