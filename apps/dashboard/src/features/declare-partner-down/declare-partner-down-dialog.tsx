/** States the duty and the consequence, asks for a reason and the relationship's name; the server decides (RFC 8156 section 8.4). */
import { failoverStateWord, failureOf } from '@tandem/api-contract'
import type { Relationship } from '@tandem/api-contract'
import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import { FailoverStateBadge } from '../../components/failover-state.tsx'
import { FailureNotice } from '../show-answer/answer.tsx'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useNow } from '../../ui/clock.ts'
import { durationWords } from '../../ui/time-words.ts'
import { readDownSince } from './down-since.ts'
import { forceWords, mayBeDownSince } from './force.ts'
import { LeasesAtRiskFacts } from './leases-at-risk-facts.tsx'
import { SecondWay } from './second-way.tsx'
import { useDeclarePartnerDown } from './use-declare-partner-down.ts'

const REASON_LENGTH_MIN = 3

export interface DeclarePartnerDownDialogProps {
  readonly of: Relationship
  readonly close: () => void
}

export function DeclarePartnerDownDialog({ of: relationship, close }: DeclarePartnerDownDialogProps) {
  return (
    <AlertDialog title={`Declare ${relationship.partnerName} down?`} icon="degraded" close={close}>
      <DeclarationForm of={relationship} close={close} />
    </AlertDialog>
  )
}

function DeclarationForm({ of: relationship, close }: DeclarePartnerDownDialogProps) {
  const { name, partnerName, state } = relationship
  // What the operator saw when deciding; if it has changed since, the server refuses.
  const [seenState] = useState(state)
  const [reason, setReason] = useState('')
  const [typedName, setTypedName] = useState('')
  const [force, setForce] = useState(false)
  const [downSinceText, setDownSinceText] = useState('')
  const now = useNow()
  const { mutate, isPending, error } = useDeclarePartnerDown(name, close)
  const { allowed, needsForce, because } = relationship.commands.declarePartnerDown
  const takesTime = mayBeDownSince(relationship)
  const downSince = takesTime
    ? readDownSince(downSinceText, { lastHeardFromPartnerAt: relationship.lastHeardFromPartnerAt, now })
    : ({ kind: 'not-given' } as const)
  const ready =
    reason.trim().length >= REASON_LENGTH_MIN &&
    typedName.trim() === name &&
    (!needsForce || force) &&
    downSince.kind !== 'wrong' &&
    !isPending
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!ready) return
    const since = downSince.kind === 'good' ? { downSince: downSince.at } : {}
    mutate({ reason: reason.trim(), seenState, force: needsForce && force, ...since })
  }
  return (
    <form onSubmit={submit}>
      <div className="dialog-body">
        <Consequence of={relationship} />
        <SecondWay of={relationship} />
        <LeasesAtRiskFacts of={relationship} />
        {state !== seenState && (
          <Notice tone="at-risk" role="alert">
            <p>
              The state has changed from {failoverStateWord(seenState)} to {failoverStateWord(state)} since you opened
              this. Close it and look again.
            </p>
          </Notice>
        )}
        {!allowed && (
          <Notice tone="at-risk" role="alert">
            <p>{because}</p>
          </Notice>
        )}
        {needsForce && <ForceCheck of={relationship} force={force} setForce={setForce} />}
        <TextArea
          label={`How do you know that ${partnerName} does not run?`}
          hint="Goes to the audit with your name."
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {takesTime && (
          <TextField
            type="datetime-local"
            step={1}
            label={`Since when does ${partnerName} not run? (optional)`}
            hint="Your local time. The waits count from then; empty: from now. When in doubt, take a later time."
            error={downSince.kind === 'wrong' ? downSince.problem : undefined}
            value={downSinceText}
            onChange={(event) => setDownSinceText(event.target.value)}
          />
        )}
        <TextField
          label={`Type the name of the relationship, ${name}, to confirm`}
          autoComplete="off"
          spellCheck={false}
          required
          value={typedName}
          onChange={(event) => setTypedName(event.target.value)}
        />
        {error !== null && <Refusal error={error} />}
      </div>
      <div className="dialog-acts">
        {/* The safe answer has the focus when the dialog opens. */}
        <Button autoFocus onPress={close}>
          Cancel
        </Button>
        <Button type="submit" look="danger" isDisabled={!ready || !allowed}>
          {isPending ? 'Declaring…' : `Declare ${partnerName} down`}
        </Button>
      </div>
    </form>
  )
}

function Consequence({ of: { partnerName, serverName, mcltSeconds } }: { readonly of: Relationship }) {
  return (
    <>
      <Notice tone="down">
        <p>
          <strong>Your duty: be sure that {partnerName} does not run</strong> — switched off, or its DHCP service
          stopped. That you cannot reach it is not enough.
        </p>
        <p>Two servers that both serve alone give one address to two clients.</p>
      </Notice>
      <div>
        <h3>What follows</h3>
        <ul className="consequences small">
          <li>{serverName} serves alone from now on, with full lease times.</li>
          <li>
            It may also delegate the prefixes that {partnerName} held free, once the maximum client lead time (
            {durationWords(mcltSeconds * 1000)}) has passed and what {partnerName} may have given has run out.
          </li>
          <li>
            The free addresses of {partnerName}’s half stay unused: new clients get addresses of {serverName}’s half.
          </li>
          <li>When {partnerName} is started again it first fetches what it missed, then both return to NORMAL.</li>
        </ul>
      </div>
    </>
  )
}

interface ForceCheckProps {
  readonly of: Relationship
  readonly force: boolean
  readonly setForce: (force: boolean) => void
}

function ForceCheck({ of: relationship, force, setForce }: ForceCheckProps) {
  const id = useId()
  return (
    <Notice tone="at-risk">
      <p>{relationship.commands.declarePartnerDown.because}</p>
      <div className="check">
        <input id={id} type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} />
        <label htmlFor={id}>{forceWords(relationship)}</label>
      </div>
    </Notice>
  )
}

function Refusal({ error }: { readonly error: Error }) {
  const failure = failureOf(error)
  const currentState = failure.problem?.currentState
  return (
    <>
      <FailureNotice failure={failure} />
      {currentState !== undefined && (
        <p className="row small">
          The state is now <FailoverStateBadge state={currentState} />
        </p>
      )}
    </>
  )
}
