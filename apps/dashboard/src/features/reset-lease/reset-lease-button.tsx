/** Beside a quarantined lease: brings it back into use, after a dialog that states the consequence and asks for a reason (RFC 8156 section 7.2). */
import type { Lease } from '@tandem/api-contract'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActDialog } from '../act-dialog/act-dialog.tsx'
import { useResetLease } from './use-reset-lease.ts'
import './reset-lease.css'

const REASON_LENGTH_MIN = 3

export function ResetLeaseButton({ of: lease }: { readonly of: Lease }) {
  const session = useQuery(sessionQuery)
  const [open, setOpen] = useState(false)
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'leases.command')
  const why = mayCommand
    ? 'A client found the address in use. Bring it back when you know that nothing on the link uses it any more.'
    : `Your role does not allow this: it needs ${roleNeededFor('leases.command')}.`
  return (
    <div className="reset-lease">
      <Button isDisabled={!mayCommand} aria-describedby="reset-lease-why" onPress={() => setOpen(true)}>
        Bring back into use…
      </Button>
      <p id="reset-lease-why" className="muted small">
        {why}
      </p>
      {open && <ResetLeaseDialog of={lease} close={() => setOpen(false)} />}
    </div>
  )
}

interface ResetLeaseDialogProps {
  readonly of: Lease
  readonly close: () => void
}

function ResetLeaseDialog({ of: lease, close }: ResetLeaseDialogProps) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useResetLease(lease, close)
  return (
    <ActDialog
      title={`Bring ${lease.lease} back into use?`}
      isDanger
      act="Bring back"
      acting="Bringing back…"
      isPending={isPending}
      ready={reason.trim().length >= REASON_LENGTH_MIN}
      error={error}
      submit={() => mutate(reason.trim())}
      close={close}
    >
      <p>
        {lease.relationship === null
          ? 'It is free at once, and may be given to the next client.'
          : 'The partner is told; once it has acknowledged that, the address may be given to the next client.'}
      </p>
      <TextArea
        label="How do you know that nothing on the link uses it?"
        hint="Goes to the audit with your name."
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
