/** Failover messages with the partner, by type and direction, since this server's process started. */
import type { Relationship } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import { Card } from '../../ui/card.tsx'
import { messageRows } from './message-words.ts'

export function MessagesCard({ of }: { readonly of: Relationship }) {
  return (
    <Card bare title="Messages since the start">
      <div className="table-frame" role="region" aria-label="Counted messages" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col" className="number">
                From {of.partnerName}
              </th>
              <th scope="col" className="number">
                To {of.partnerName}
              </th>
            </tr>
          </thead>
          <tbody>
            {messageRows(of.messages).map(({ type, what, received, sent }) => (
              <tr key={type}>
                <th scope="row">
                  {type}
                  <span className="fact-why">{what}</span>
                </th>
                <td className="number">{groupedDigits(received)}</td>
                <td className="number">{groupedDigits(sent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
