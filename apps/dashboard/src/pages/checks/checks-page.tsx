/** What both servers find when they look at themselves and at what lies between them: the worst first, each with what to do. */
import { checkOutcomes } from '@tandem/api-contract'
import type { Check, CheckList, CheckOutcome } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { checksQuery } from '../../api/queries.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Polite } from '../../ui/polite.tsx'
import { outcomeWords, summaryOf } from './check-words.ts'

export function ChecksPage() {
  const checks = useQuery(checksQuery)
  return (
    <Page
      title="Checks"
      lead="Clocks, links, certificates, versions and configurations, as both servers find them"
      acts={
        <Button size="small" isDisabled={checks.isFetching} onPress={() => void checks.refetch()}>
          {checks.isFetching ? 'Checking…' : 'Check now'}
        </Button>
      }
    >
      <Card bare title="What was found">
        <Answer to={checks} what="the checks">
          {(answer) => (
            <>
              <Summary of={answer} />
              <ChecksTable items={answer.items} />
            </>
          )}
        </Answer>
      </Card>
    </Page>
  )
}

function Summary({ of: { servers, items } }: { readonly of: CheckList }) {
  const words = summaryOf(items)
  return (
    <>
      <Polite text={words} />
      <p className="table-note">
        <span>
          <Icon name={items.some(stands) ? 'degraded' : 'ok'} /> {words}
        </span>
        <span className="muted">
          checked <Moment at={servers[0]?.asOf ?? ''} show="clock" />
        </span>
      </p>
      {servers.map(({ serverName, problem }) =>
        problem === null ? null : (
          <p key={serverName} className="table-note">
            <span>
              <Icon name="unlinked" /> {serverName} could not be asked: {problem}
            </span>
          </p>
        ),
      )}
    </>
  )
}

const stands = ({ outcome }: Check): boolean => outcome === 'warning' || outcome === 'bad'

const worstFirst: readonly CheckOutcome[] = checkOutcomes.toReversed()

function ChecksTable({ items }: { readonly items: readonly Check[] }) {
  const sorted = worstFirst.flatMap((outcome) => items.filter((item) => item.outcome === outcome))
  return (
    <div className="table-frame" role="region" aria-label="Checks" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
            <th scope="col">Found by</th>
            <th scope="col">Finding, and what to do</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((check) => (
            <CheckRow key={`${check.serverName} ${check.relationship} ${check.what}`} of={check} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CheckRow({ of }: { readonly of: Check }) {
  const { tone, icon, word } = outcomeWords[of.outcome]
  return (
    <tr>
      <th scope="row">{of.what}</th>
      <td data-name="Outcome">
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </td>
      <td data-name="Found by">
        <span>
          {of.serverName}
          {of.relationship !== null && <span className="fact-why">{of.relationship}</span>}
        </span>
      </td>
      <td data-name="Finding, and what to do">
        <div>
          {of.finding}
          {of.remedy !== null && <span className="fact-why">{of.remedy}</span>}
        </div>
      </td>
    </tr>
  )
}
