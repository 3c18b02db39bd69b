/** What happens next and when: by the clock with a countdown, or by an event; the words are the server's. */
import type { NextStep } from '@tandem/api-contract'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/moment.tsx'
import './next-steps.css'

export interface NextStepsProps {
  readonly steps: readonly NextStep[]
  /** Names of servers keep their small letter at the beginning of a sentence. */
  readonly names: readonly string[]
}

export function NextSteps({ steps, names }: NextStepsProps) {
  if (steps.length === 0)
    return <p className="muted small">Nothing is armed: this state goes on until something happens.</p>
  return (
    <ul className="steps">
      {steps.map(({ what, trigger, at }) => (
        <li key={`${what} ${trigger}`} className="step">
          <Icon name={at === null ? 'forward' : 'waiting'} />
          <span className="step-what">{asSentence(what, names)}</span>
          {at !== null && (
            <span className="step-when">
              <Moment at={at} show="until-and-clock" />
            </span>
          )}
          <span className="step-why">{at === null ? `when ${trigger}` : asSentence(trigger, names)}</span>
        </li>
      ))}
    </ul>
  )
}

export function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={note}>
          <Icon name="information" />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  )
}

function asSentence(text: string, names: readonly string[]): string {
  return names.some((name) => text.startsWith(`${name} `)) ? text : text.slice(0, 1).toUpperCase() + text.slice(1)
}
