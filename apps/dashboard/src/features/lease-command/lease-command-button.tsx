/** What an operator may do with one lease, after a dialog that states the consequence and asks for a reason. */
import type { Lease } from '@tandem/api-contract'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActDialog } from '../act-dialog/act-dialog.tsx'
import { commandFor, resendWords, type LeaseCommandWords } from './lease-command-words.ts'
import { useLeaseCommand } from './use-lease-command.ts'
import './lease-command.css'

const REASON_LENGTH_MIN = 3

/** Nothing where the state of the lease has no command. */
export function LeaseCommandButton({ of: lease }: { readonly of: Lease }) {
  return <CommandButton lease={lease} words={commandFor(lease)} explainedBy="lease-command-why" />
}

interface ResendLeaseButtonProps {
  readonly of: Lease
  readonly partnerName: string
  /** Its dialog stays open where it is not offered any more. */
  readonly isOffered: boolean
}

export function ResendLeaseButton({ of: lease, partnerName, isOffered }: ResendLeaseButtonProps) {
  const words = isOffered ? resendWords(partnerName) : undefined
  return (
    <CommandButton lease={lease} words={words} explainedBy="resend-lease-why" done={`${partnerName} is told again.`} />
  )
}

interface CommandButtonProps {
  readonly lease: Lease
  readonly words: LeaseCommandWords | undefined
  readonly explainedBy: string
  /** Said when it is done. */
  readonly done?: string
}

function CommandButton({ lease, words, explainedBy, done }: CommandButtonProps) {
  const [isDone, setIsDone] = useState(false)
  const session = useQuery(sessionQuery)
  // As it was when the dialog opened: a renewal meanwhile is refused by its version, and does not change the question.
  const [asked, setAsked] = useState<{ readonly lease: Lease; readonly words: LeaseCommandWords }>()
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'leases.command')
  const why = mayCommand ? words?.when : `Your role does not allow this: it needs ${roleNeededFor('leases.command')}.`
  return (
    <>
      {words !== undefined && (
        <div className="lease-command">
          <Button isDisabled={!mayCommand} aria-describedby={explainedBy} onPress={() => setAsked({ lease, words })}>
            {words.offer}
          </Button>
          <p id={explainedBy} className="muted small">
            {why}
          </p>
        </div>
      )}
      {done !== undefined && (
        <p role="status" className="small">
          {isDone ? done : ''}
        </p>
      )}
      {asked !== undefined && (
        <LeaseCommandDialog {...asked} done={() => setIsDone(true)} close={() => setAsked(undefined)} />
      )}
    </>
  )
}

interface LeaseCommandDialogProps {
  readonly lease: Lease
  readonly words: LeaseCommandWords
  readonly done: () => void
  readonly close: () => void
}

function LeaseCommandDialog({ lease, words, done, close }: LeaseCommandDialogProps) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useLeaseCommand(words.act, lease, () => {
    done()
    close()
  })
  return (
    <ActDialog
      title={words.question(lease.lease)}
      isDanger={words.isHarmless !== true}
      act={words.button}
      acting={words.acting}
      isPending={isPending}
      ready={reason.trim().length >= REASON_LENGTH_MIN}
      error={error}
      submit={() => mutate(reason.trim())}
      close={close}
    >
      <p>{words.effect}</p>
      <p>{words.follows(lease)}</p>
      <TextArea
        label={words.reason}
        hint="Goes to the audit with your name."
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
