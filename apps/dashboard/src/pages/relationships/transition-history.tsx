/** Every state this end went through, with the cause and the rule; the last twenty at once, older ones when asked for. */
import { failureOf } from '@tandem/api-contract'
import type { Relationship } from '@tandem/api-contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { transitionsQuery } from '../../api/queries.ts'
import { TransitionsTable } from '../../components/transitions-table.tsx'
import { FailureNotice } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'

const CARRIED = 20

export function TransitionHistory({ of: { name, transitions } }: { readonly of: Relationship }) {
  const [older, showOlder] = useState(false)
  const history = useInfiniteQuery({ ...transitionsQuery(name), enabled: older })
  const known = new Set(transitions.map(({ id }) => id))
  const rest = (history.data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => !known.has(id))
  const more = older ? history.hasNextPage : transitions.length >= CARRIED
  return (
    <Card
      bare
      title="History of states"
      aside={
        <Link className="button button-small" to={paths.timeline(name)}>
          Timeline of both servers
        </Link>
      }
    >
      {transitions.length === 0 ? (
        <p className="card-body muted small">None yet: this server has been in its state since its first start.</p>
      ) : (
        <TransitionsTable transitions={[...transitions, ...rest]} />
      )}
      {history.error !== null && <FailureNotice failure={failureOf(history.error)} />}
      {more && (
        <div className="card-body">
          <Button
            size="small"
            isDisabled={history.isFetching}
            onPress={() => (older ? void history.fetchNextPage() : showOlder(true))}
          >
            {history.isFetching ? 'Asking…' : 'Show older'}
          </Button>
        </div>
      )}
    </Card>
  )
}
