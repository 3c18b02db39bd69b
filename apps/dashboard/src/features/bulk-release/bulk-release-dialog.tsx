/** Counts first, states the consequence, asks for a reason and the number; then shows how far the server is, until it is closed. */
import { failureOf } from '@tandem/api-contract'
import type { BulkRelease, BulkReleasePreview } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { bulkReleasePreviewQuery, bulkReleasesQuery } from '../../api/queries.ts'
import type { BulkReleaseSearch } from '../../api/queries.ts'
import { groupedDigits } from '../../components/count-words.ts'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Answer, FailureNotice } from '../show-answer/answer.tsx'
import { BulkReleaseProgress } from './bulk-release-progress.tsx'
import { previewWords, refusedWords, searchWords } from './bulk-release-words.ts'
import { useStartBulkRelease } from './use-bulk-release.ts'

const REASON_LENGTH_MIN = 3

export interface BulkReleaseDialogProps {
  readonly search: BulkReleaseSearch
  readonly close: () => void
}

export function BulkReleaseDialog({ search, close }: BulkReleaseDialogProps) {
  const [started, setStarted] = useState<BulkRelease>()
  if (started !== undefined) return <UnderWay of={started} close={close} />
  return (
    <AlertDialog title="Release all leases that are found?" icon="degraded" close={close}>
      <Question search={search} started={setStarted} close={close} />
    </AlertDialog>
  )
}

function UnderWay({ of: started, close }: { readonly of: BulkRelease; readonly close: () => void }) {
  const releases = useQuery(bulkReleasesQuery)
  const now = releases.data?.find(({ id }) => id === started.id) ?? started
  return (
    <AlertDialog title="Release of leases" role="dialog" close={close}>
      <div className="dialog-body">
        <BulkReleaseProgress of={now} />
        {now.state === 'running' && (
          <p className="muted small">The server goes on by itself: this may be closed, and the page too.</p>
        )}
      </div>
      <div className="dialog-acts">
        <Button autoFocus onPress={close}>
          Close
        </Button>
      </div>
    </AlertDialog>
  )
}

interface QuestionProps extends BulkReleaseDialogProps {
  readonly started: (release: BulkRelease) => void
}

function Question({ search, started, close }: QuestionProps) {
  const counted = useQuery(bulkReleasePreviewQuery(search))
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const { mutate, isPending, error, reset } = useStartBulkRelease(started)
  const preview = counted.data
  const releasable = preview?.active.exact === true ? preview.releasable : '0'
  const ready =
    preview !== undefined &&
    releasable !== '0' &&
    reason.trim().length >= REASON_LENGTH_MIN &&
    typed.trim().replaceAll(',', '') === releasable &&
    !counted.isFetching &&
    !isPending
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) mutate({ filter: search, expected: releasable, asOf: preview.asOf, reason: reason.trim() })
  }
  const countAgain = (): void => {
    reset()
    setTyped('')
    void counted.refetch()
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className="dialog-body">
        <p className="small">
          <span className="muted">Search:</span> {searchWords(search)}
        </p>
        <Answer to={counted} what="the count of the leases">
          {(shown) => <Counted preview={shown} countAgain={countAgain} isCounting={counted.isFetching} />}
        </Answer>
        {releasable !== '0' && (
          <>
            <Consequence />
            <TextArea
              label="How do you know that their clients are gone?"
              hint="Goes to the audit with your name, and to that of each lease."
              required
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <TextField
              label={`Type ${groupedDigits(releasable)} to confirm`}
              inputMode="numeric"
              autoComplete="off"
              required
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </>
        )}
        {error !== null && <FailureNotice failure={failureOf(error)} />}
      </div>
      <div className="dialog-acts">
        {/* The safe answer has the focus when the dialog opens. */}
        <Button autoFocus onPress={close}>
          Cancel
        </Button>
        <Button type="submit" look="danger" isDisabled={!ready}>
          {isPending ? 'Starting…' : releasable === '0' ? 'Release' : `Release ${groupedDigits(releasable)}`}
        </Button>
      </div>
    </form>
  )
}

interface CountedProps {
  readonly preview: BulkReleasePreview
  readonly countAgain: () => void
  readonly isCounting: boolean
}

function Counted({ preview, countAgain, isCounting }: CountedProps) {
  const { active, refused, at } = preview
  return (
    <Notice tone={active.exact ? 'accent' : 'at-risk'} role="status">
      <p>
        <strong>{previewWords(preview)}</strong>
      </p>
      {!active.exact && (
        <p>Narrow the search, for example to one subnet or a part of it, and release one part after another.</p>
      )}
      {active.exact && refused.length > 0 && (
        <ul className="bulk-release-refused small">
          {refused.map((each) => (
            <li key={each.refusal}>{refusedWords(each)}</li>
          ))}
        </ul>
      )}
      <p className="row small muted">
        Counted <Moment at={at} show="ago" />
        <Button size="small" isDisabled={isCounting} onPress={countAgain}>
          {isCounting ? 'Counting…' : 'Count again'}
        </Button>
      </p>
    </Notice>
  )
}

function Consequence() {
  return (
    <ul className="bulk-release-consequences small">
      <li>
        The clients are not told. One that is there after all goes on using its lease until it renews, and two clients
        may share it.
      </li>
      <li>A lease that is renewed, or comes, from now on is left alone.</li>
      <li>The server releases a few at a time. It can be stopped; what was released stays released.</li>
    </ul>
  )
}
