/** All leases of both servers compared, pool by pool, down to those that differ, and their repair. */
import type { ComparedPool, Relationship, TableComparison, TableDifference } from '@tandem/api-contract'
import { failureOf, roleMay } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { sessionQuery, tableComparisonQuery } from '../../api/queries.ts'
import { groupedDigits } from '../../components/count-words.ts'
import { LeaseStateBadge } from '../../components/lease-state.tsx'
import { RepairDialog } from '../../features/repair-leases/repair-dialog.tsx'
import { outcomeWords, poolWords, repairable, summaryOf, toldWords } from '../../features/repair-leases/repair-words.ts'
import { useComparisonAct } from '../../features/repair-leases/use-repair.ts'
import { Answer, FailureNotice } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Polite } from '../../ui/polite.tsx'

export function LeasesCard({ of }: { readonly of: Relationship }) {
  const comparison = useQuery(tableComparisonQuery(of.name))
  const session = useQuery(sessionQuery)
  const start = useComparisonAct('startTableComparison', of.name)
  const stop = useComparisonAct('cancelTableComparison', of.name)
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'leases.command')
  const isRunning = comparison.data?.state === 'running'
  const act = isRunning ? stop : start
  const failed = start.error ?? stop.error
  return (
    <Card
      bare
      title="Leases of both"
      aside={
        mayCommand && (
          <Button
            size="small"
            isDisabled={comparison.data === undefined || act.isPending}
            onPress={() => {
              start.reset()
              stop.reset()
              act.mutate()
            }}
          >
            {isRunning ? 'Stop comparing' : 'Compare all leases'}
          </Button>
        )
      }
    >
      {failed !== null && <FailureNotice failure={failureOf(failed)} />}
      <Answer to={comparison} what="the comparison of all leases">
        {(answer) => <Compared of={answer} mayCommand={mayCommand} />}
      </Answer>
    </Card>
  )
}

function Compared({ of, mayCommand }: { readonly of: TableComparison; readonly mayCommand: boolean }) {
  const { state, pools, differences, differing, startedAt, endedAt, partnerName } = of
  const summary = summaryOf(of)
  const at = endedAt ?? startedAt
  return (
    <>
      <p className="table-note">
        <span>
          <Icon name={iconOf(of)} /> {summary}
        </span>
        {at !== null && (
          <span className="muted">
            {endedAt === null ? 'since ' : 'ended '}
            <Moment at={at} show="clock" />
          </span>
        )}
      </p>
      {state !== 'running' && <Polite text={summary} />}
      {pools.length > 0 && <PoolsTable pools={pools} partnerName={partnerName} />}
      {differences.length > 0 && <DifferencesTable of={of} />}
      {differing !== '0' && state !== 'running' && <Repair of={of} mayCommand={mayCommand} />}
    </>
  )
}

function iconOf({ state, differing }: TableComparison): IconName {
  if (state === 'failed') return 'unlinked'
  if (differing !== '0') return 'degraded'
  return state === 'done' ? 'ok' : state === 'running' ? 'waiting' : 'idle'
}

interface PoolsTableProps {
  readonly pools: readonly ComparedPool[]
  readonly partnerName: string
}

function PoolsTable({ pools, partnerName }: PoolsTableProps) {
  const heads = ['Compared', 'Agree', 'Differ', 'Only here', `Only ${partnerName}`, 'Moving'] as const
  return (
    <div className="table-frame" role="region" aria-label="Leases compared by pool" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">Pool</th>
            {heads.map((head) => (
              <th key={head} scope="col" className="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <tr key={`${pool.kind} ${pool.poolId}`}>
              <th scope="row">
                {pool.poolId === null ? poolWords(pool) : <Link to={paths.pool(pool.poolId)}>{pool.poolId}</Link>}
              </th>
              {countsOf(pool).map((count, index) => (
                <td key={heads[index]} data-name={heads[index]} className="number">
                  {groupedDigits(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function countsOf({ compared, agree, differ, onlyHere, onlyThere, moving }: ComparedPool): readonly string[] {
  return [compared, agree, differ, onlyHere, onlyThere, moving]
}

function DifferencesTable({ of: { differences, differing, partnerName } }: { readonly of: TableComparison }) {
  return (
    <div className="table-frame" role="region" aria-label="Leases that differ" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">Lease</th>
            <th scope="col">State here</th>
            <th scope="col">How it differs</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each) => (
            <DifferenceRow key={each.key} of={each} partnerName={partnerName} />
          ))}
        </tbody>
      </table>
      {BigInt(differing) > differences.length && (
        <p className="table-note muted">
          Of {groupedDigits(differing)} that differ the first {differences.length}.
        </p>
      )}
    </div>
  )
}

function DifferenceRow({ of, partnerName }: { readonly of: TableDifference; readonly partnerName: string }) {
  const { lease, state, outcome } = of
  return (
    <tr>
      <th scope="row" className="mono">
        {state === null ? lease : <Link to={paths.lease(lease)}>{lease}</Link>}
      </th>
      <td data-name="State here">{state === null ? 'no record' : <LeaseStateBadge state={state} />}</td>
      <td data-name="How it differs">{outcomeWords(outcome, partnerName)}</td>
    </tr>
  )
}

function Repair({ of, mayCommand }: { readonly of: TableComparison; readonly mayCommand: boolean }) {
  // As it was when the dialog opened.
  const [asked, setAsked] = useState<TableComparison>()
  const { partnerName, differences } = of
  const told = toldWords(of)
  const onlyThere = differences.some(({ outcome }) => outcome === 'only-there')
  return (
    <div className="card-body stack">
      {told !== undefined && (
        <p className="small" role="status">
          {told}
        </p>
      )}
      {onlyThere && (
        <p className="muted small">
          What only {partnerName} has is told again on its own console, or all of it at once by a full resync here.
        </p>
      )}
      {mayCommand && repairable(of) > 0 && (
        <p>
          <Button onPress={() => setAsked(of)}>Tell {partnerName} again…</Button>
        </p>
      )}
      {asked !== undefined && <RepairDialog of={asked} close={() => setAsked(undefined)} />}
    </div>
  )
}
