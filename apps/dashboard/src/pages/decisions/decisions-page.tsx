/** Why a client was not answered, got no lease, or an update was rejected: recorded when it happened. */
import { decisionKinds, failureOf } from '@tandem/api-contract'
import type { Decision } from '@tandem/api-contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import type { FormEvent } from 'react'
import { useSearchParams } from 'react-router'
import { decisionsQuery } from '../../api/queries.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { decisionKindWords } from './decision-words.ts'
import { DecisionsTable } from './decisions-table.tsx'
import './decisions.css'

export function DecisionsPage() {
  const [search, setSearch] = useSearchParams()
  const kind = decisionKinds.find((each) => each === search.get('kind'))
  const lease = search.get('lease')?.trim() ?? ''
  const decisions = useInfiniteQuery(
    decisionsQuery({ ...(kind === undefined ? {} : { kind }), ...(lease === '' ? {} : { lease }) }),
  )
  const apply = (next: Wish): void => {
    setSearch({
      ...(next.kind === undefined ? {} : { kind: next.kind }),
      ...(next.lease.trim() === '' ? {} : { lease: next.lease.trim() }),
    })
  }
  return (
    <Page
      title="Decisions"
      lead="Why clients were not answered or got no lease, and which updates were rejected, newest first"
      acts={
        <Button size="small" isDisabled={decisions.isFetching} onPress={() => void decisions.refetch()}>
          {decisions.isFetching ? 'Asking…' : 'Look again'}
        </Button>
      }
    >
      <section className="card" aria-label="Decisions on record">
        <DecisionFilterForm wish={{ kind, lease }} apply={apply} error={leaseError(decisions.error)} />
        <Answer to={decisions} what="the decisions">
          {({ pages }) => {
            const known = pages.flatMap(({ items }) => items)
            return known.length === 0 ? (
              <NoDecisions filtered={search.size > 0} />
            ) : (
              <DecisionsTable decisions={known} />
            )
          }}
        </Answer>
        <ShowOlder of={decisions} />
      </section>
    </Page>
  )
}

function leaseError(error: Error | null): string | undefined {
  if (error === null) return undefined
  return failureOf(error).problem?.fields?.find(({ field }) => field === 'query.lease')?.message
}

function NoDecisions({ filtered }: { readonly filtered: boolean }) {
  return filtered ? (
    <Empty icon="search" title="No decision like that is on record" />
  ) : (
    <Empty icon="decisions" title="Nothing is on record">
      <p>Every client was answered, every allocation found a lease, and no update was rejected.</p>
    </Empty>
  )
}

interface Wish {
  readonly kind: Decision['kind'] | undefined
  readonly lease: string
}

interface DecisionFilterFormProps {
  readonly wish: Wish
  readonly apply: (wish: Wish) => void
  readonly error: string | undefined
}

function DecisionFilterForm({ wish, apply, error }: DecisionFilterFormProps) {
  const kindId = useId()
  const [lease, setLease] = useState(wish.lease)
  // The URL is the truth: a link or the back button changes the field too.
  useEffect(() => setLease(wish.lease), [wish.lease])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    apply({ ...wish, lease })
  }
  return (
    <form className="decisions-filter" role="search" aria-label="Decisions" onSubmit={submit}>
      <div className="field">
        <label htmlFor={kindId}>What</label>
        <select
          id={kindId}
          className="input"
          value={wish.kind ?? ''}
          onChange={({ target }) => apply({ kind: decisionKinds.find((each) => each === target.value), lease })}
        >
          <option value="">All</option>
          {decisionKinds.map((kind) => (
            <option key={kind} value={kind}>
              {decisionKindWords[kind]}
            </option>
          ))}
        </select>
      </div>
      <TextField
        label="Address or prefix"
        placeholder="2001:db8::1 or 2001:db8::/56"
        spellCheck={false}
        value={lease}
        error={error}
        onChange={({ target }) => setLease(target.value)}
      />
      <Button type="submit" look="primary">
        Find
      </Button>
      <Button onPress={() => apply({ kind: undefined, lease: '' })}>Clear</Button>
    </form>
  )
}
