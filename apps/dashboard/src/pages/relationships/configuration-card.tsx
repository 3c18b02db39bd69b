/** Where the configurations of the two servers differ, and what comes of it. */
import type { ConfigurationComparison, ConfigurationDifference, Relationship } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { configurationComparisonQuery } from '../../api/queries.ts'
import { groupedDigits } from '../../components/count-words.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { settingWords, summaryOf, valueWords, weightWords } from './configuration-words.ts'

export function ConfigurationCard({ of }: { readonly of: Relationship }) {
  const comparison = useQuery(configurationComparisonQuery(of.name))
  return (
    <Card
      bare
      title="Configuration of both"
      aside={
        <Button size="small" isDisabled={comparison.isFetching} onPress={() => void comparison.refetch()}>
          Compare now
        </Button>
      }
    >
      <Answer to={comparison} what="the comparison of both configurations">
        {(answer) => (
          <>
            <Summary of={answer} />
            {answer.differences.length > 0 && <DifferencesTable of={answer} />}
          </>
        )}
      </Answer>
    </Card>
  )
}

function Summary({ of }: { readonly of: ConfigurationComparison }) {
  const { outcome, differences, asOf } = of
  const icon = outcome === 'unavailable' ? 'unlinked' : differences.length === 0 ? 'ok' : 'degraded'
  return (
    <p className="table-note">
      <span>
        <Icon name={icon} /> {summaryOf(of)}
      </span>
      <span className="muted">
        asked <Moment at={asOf} show="clock" />
      </span>
    </p>
  )
}

function DifferencesTable({ of }: { readonly of: ConfigurationComparison }) {
  const { serverName, partnerName, differences, differing } = of
  return (
    <div className="table-frame" role="region" aria-label="Settings that differ" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">On {serverName}</th>
            <th scope="col">On {partnerName}</th>
            <th scope="col">What comes of it</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each) => (
            <DifferenceRow key={`${each.subnetId} ${each.group} ${each.setting}`} of={each} names={of} />
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

interface DifferenceRowProps {
  readonly of: ConfigurationDifference
  readonly names: Pick<ConfigurationComparison, 'serverName' | 'partnerName'>
}

function DifferenceRow({ of, names: { serverName, partnerName } }: DifferenceRowProps) {
  const { tone, word } = weightWords[of.weight]
  return (
    <tr>
      <th scope="row">
        {settingWords(of)}
        {of.subnetId !== null && of.group !== 'subnet' && <span className="fact-why">in {of.subnetId}</span>}
      </th>
      <td data-name={`On ${serverName}`}>{valueWords(of.here)}</td>
      <td data-name={`On ${partnerName}`}>{valueWords(of.there)}</td>
      <td data-name="What comes of it">
        <div>
          <Badge tone={tone}>{word}</Badge>
          <span className="fact-why">{of.meaning}</span>
        </div>
      </td>
    </tr>
  )
}
