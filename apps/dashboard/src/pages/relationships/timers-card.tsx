/** Every clock of a relationship with its local time and countdown, and the two times that rule the others. */
import type { Relationship } from '@tandem/api-contract'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { durationWords } from '../../ui/time-words.ts'
import { timersOf } from './timer-words.ts'
import type { Timer } from './timer-words.ts'

export function TimersCard({ of }: { readonly of: Relationship }) {
  const { partnerName, mcltSeconds, keepaliveSeconds } = of
  return (
    <Card bare title="Timers">
      <div className="table-frame" role="region" aria-label="Timers and what they bring about" tabIndex={0}>
        <table className="table table-cards timers">
          <thead>
            <tr>
              <th scope="col">Timer</th>
              <th scope="col">Ends</th>
              <th scope="col">What happens then</th>
            </tr>
          </thead>
          <tbody>
            {timersOf(of).map((timer) => (
              <TimerRow key={timer.key} of={timer} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="card-body">
        <Facts>
          <Fact
            name="Maximum client lead time"
            why={`MCLT: how far a lease may run ahead of what ${partnerName} has acknowledged; the waits after a failure are as long`}
          >
            {durationWords(mcltSeconds * 1000)}
          </Fact>
          <Fact name="Keepalive" why={`After so long without a word from ${partnerName} the contact is lost`}>
            {durationWords(keepaliveSeconds * 1000)}
          </Fact>
        </Facts>
      </div>
    </Card>
  )
}

function TimerRow({ of: { name, effect, at } }: { readonly of: Timer }) {
  return (
    <tr className={at === null ? 'timer-idle' : 'timer-armed'}>
      <th scope="row">{name}</th>
      <td data-name="Ends" className="nowrap">
        {at === null ? (
          <span className="muted">does not run</span>
        ) : (
          <strong>
            <Icon name="waiting" /> <Moment at={at} show="until-and-clock" />
          </strong>
        )}
      </td>
      <td data-name="Then">{effect}</td>
    </tr>
  )
}
