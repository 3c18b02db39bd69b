/** How far a bulk release is or how it ended, to whoever looks; who may, can stop it. */
import type { BulkRelease } from '@tandem/api-contract'
import { failureOf, roleMay } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Polite } from '../../ui/polite.tsx'
import { FailureNotice } from '../show-answer/answer.tsx'
import { progressWords, refusedWords, searchWords, stateWords } from './bulk-release-words.ts'
import { useCancelBulkRelease } from './use-bulk-release.ts'
import './bulk-release.css'

export interface BulkReleaseProgressProps {
  readonly of: BulkRelease
  /** Puts it away once it has ended; absent: it cannot be put away. */
  readonly hide?: () => void
}

export function BulkReleaseProgress({ of: release, hide }: BulkReleaseProgressProps) {
  const session = useQuery(sessionQuery)
  const { mutate, isPending, error } = useCancelBulkRelease()
  const { id, state, filter, reason, problem, leases, left, refused, startedAt, endedAt } = release
  const { tone, title } = stateWords(release)
  const role = session.data?.operator.role
  const isRunning = state === 'running'
  const words = progressWords(release)
  return (
    <Notice tone={tone}>
      <p>
        <strong>{title}</strong>: {words}
      </p>
      <Polite text={`${title}: ${words}`} />
      <progress
        className="bulk-release-bar"
        max={Number(leases)}
        value={Number(leases) - Number(left)}
        aria-label="Leases looked at"
      />
      {refused.length > 0 && (
        <ul className="bulk-release-refused small">
          {refused.map((each) => (
            <li key={each.refusal}>{refusedWords(each)}</li>
          ))}
        </ul>
      )}
      {problem !== null && <p className="small">{problem}</p>}
      <p className="small muted">
        Search: {searchWords(filter)}. Reason: {reason}. {isRunning ? 'Since ' : 'Ended '}
        <Moment at={endedAt ?? startedAt} show="ago" />
      </p>
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      <p className="row">
        {isRunning && role !== undefined && roleMay(role, 'leases.command') && (
          <Button size="small" isDisabled={isPending} onPress={() => mutate(id)}>
            {isPending ? 'Stopping…' : 'Stop'}
          </Button>
        )}
        {!isRunning && hide !== undefined && (
          <Button size="small" onPress={hide}>
            Put away
          </Button>
        )}
      </p>
    </Notice>
  )
}
