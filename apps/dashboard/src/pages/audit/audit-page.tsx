/** Who did what, why, and what came of it; for administrators. */
import type { AuditEntry } from '@tandem/api-contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { auditQuery } from '../../api/queries.ts'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'

export function AuditPage() {
  const audit = useInfiniteQuery(auditQuery)
  return (
    <Page title="Audit" lead="Acts of operators, newest first; nothing of this can be deleted here">
      <div className="card">
        <Answer to={audit} what="the audit">
          {({ pages }) => {
            const entries = pages.flatMap(({ items }) => items)
            return entries.length === 0 ? (
              <Empty icon="audit" title="No operator has done anything yet" />
            ) : (
              <AuditTable entries={entries} />
            )
          }}
        </Answer>
        <ShowOlder of={audit} />
      </div>
    </Page>
  )
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <div className="table-frame" role="region" aria-label="Audit" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Act</th>
            <th scope="col">Reason</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, operator, action, target, reason, outcome, detail }) => (
            <tr key={id}>
              <th scope="row" className="nowrap">
                <Moment at={at} show="ago-and-clock" />
              </th>
              <td data-name="Who">{operator}</td>
              <td data-name="Act">
                <span>
                  {action} <span className="fact-why">{target}</span>
                </span>
              </td>
              <td data-name="Reason">{reason === '' ? <span className="muted">none given</span> : reason}</td>
              <td data-name="Outcome">
                <span>
                  <Badge tone={outcome === 'done' ? 'ok' : 'degraded'}>{outcome}</Badge>
                  <span className="fact-why">{detail}</span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
