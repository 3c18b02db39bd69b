/** Under a search of leases: what an operator may do with all that it finds, or why not. */
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bulkReleasesQuery, sessionQuery } from '../../api/queries.ts'
import type { BulkReleaseSearch } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { BulkReleaseDialog } from './bulk-release-dialog.tsx'
import './bulk-release.css'

export interface BulkReleaseButtonProps {
  readonly search: BulkReleaseSearch
  /** False: a state was chosen in which no lease is in use. */
  readonly isInUse: boolean
}

export function BulkReleaseButton({ search, isInUse }: BulkReleaseButtonProps) {
  const session = useQuery(sessionQuery)
  const releases = useQuery(bulkReleasesQuery)
  // As it was when the dialog opened: another search behind it does not change the question.
  const [asked, setAsked] = useState<BulkReleaseSearch>()
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'leases.command')
  const isRunning = releases.data?.some(({ state }) => state === 'running') === true
  const [isAllowed, why] = !mayCommand
    ? [false, `Your role does not allow this: it needs ${roleNeededFor('leases.command')}.`]
    : !isInUse
      ? [false, 'Only leases in use can be released: choose the state Leased, or all.']
      : isRunning
        ? [false, 'Leases are being released on this server. There is one such release at a time.']
        : [true, 'Ends all leases in use that this search finds. They are counted first.']
  return (
    <div className="bulk-release-offer">
      <Button size="small" isDisabled={!isAllowed} aria-describedby="bulk-release-why" onPress={() => setAsked(search)}>
        Release all found…
      </Button>
      <p id="bulk-release-why" className="muted small">
        {why}
      </p>
      {asked !== undefined && <BulkReleaseDialog search={asked} close={() => setAsked(undefined)} />}
    </div>
  )
}
