/** Shows what a question was answered, or why not: loading, unreachable, forbidden and refused each have their own words. */
import { failureOf } from '@tandem/api-contract'
import type { ApiFailure } from '@tandem/api-contract'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLive } from '../../api/live.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, Loading } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What of a query this needs; an infinite query has it too. */
type Question<Data> = Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching'> & { readonly refetch: () => unknown }

export interface AnswerProps<Data> {
  readonly to: Question<Data>
  /** What is asked for, inside a sentence: `the leases`. */
  readonly what: string
  readonly children: (data: Data) => ReactNode
}

export function Answer<Data>({ to: question, what, children }: AnswerProps<Data>) {
  const { data, error, isFetching } = question
  const again = (): void => void question.refetch()
  const isLost = useLive().status.phase === 'lost'
  if (data === undefined) {
    return error === null ? (
      <Loading what={what} />
    ) : (
      <FailureView failure={failureOf(error)} what={what} busy={isFetching} again={again} />
    )
  }
  return (
    <>
      {/* One word of a lost connection is enough: the banner has it, with the age of all that is shown. */}
      {error !== null && !isLost && (
        <Notice tone="degraded" role="status">
          <p>
            Could not refresh {what}: {failureOf(error).message} What you see is from before.
          </p>
        </Notice>
      )}
      {children(data)}
    </>
  )
}

interface FailureViewProps {
  readonly failure: ApiFailure
  readonly what: string
  readonly busy: boolean
  readonly again: () => void
}

function FailureView({ failure, what, busy, again }: FailureViewProps) {
  if (failure.is('role-too-small')) {
    return (
      <Empty icon="lock" title={`Your role does not let you see ${what}`}>
        <p>{failure.message}</p>
        <p>{failure.problem?.remedy}</p>
      </Empty>
    )
  }
  const title = failure.is('not-found') ? 'There is no such thing' : `Could not load ${what}`
  return (
    <Empty icon={failure.is('not-found') ? 'search' : 'degraded'} title={title}>
      <p role="alert">{failure.message}</p>
      <p>{failure.problem?.remedy ?? 'Check that the server runs and that this machine reaches it.'}</p>
      <Button onPress={again} isDisabled={busy}>
        {busy ? 'Asking…' : 'Ask again'}
      </Button>
    </Empty>
  )
}

/** What the server refused, above or in a form. */
export function FailureNotice({ failure }: { readonly failure: ApiFailure }) {
  return (
    <Notice tone="down" role="alert">
      <p>{failure.message}</p>
      {failure.problem !== null && failure.problem.remedy !== '' && <p>{failure.problem.remedy}</p>}
    </Notice>
  )
}
