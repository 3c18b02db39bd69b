/** A command on a relationship: always to be seen, disabled with the server's reason, and a dialog that says what follows. */
import type { Relationship } from '@tandem/api-contract'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActDialog } from '../act-dialog/act-dialog.tsx'
import { commandWords } from './command-words.ts'
import { useServiceCommand } from './use-service-command.ts'
import type { ServiceCommandName } from './use-service-command.ts'

const REASON_LENGTH_MIN = 3

export interface ServiceCommandProps {
  readonly command: ServiceCommandName
  readonly of: Relationship
}

export function ServiceCommandButton({ command, of }: ServiceCommandProps) {
  const session = useQuery(sessionQuery)
  const [open, setOpen] = useState(false)
  const { allowed, because } = of.commands[command]
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'relationships.command')
  const why = mayCommand
    ? because
    : `Your role does not allow this: it needs ${roleNeededFor('relationships.command')}.`
  const id = `${command}-${of.name}-why`
  return (
    <>
      <Button isDisabled={!allowed || !mayCommand} aria-describedby={id} onPress={() => setOpen(true)}>
        {commandWords(command, of).title}…
      </Button>
      <span id={id} className="command-why">
        {why}
      </span>
      {open && <ServiceCommandDialog command={command} of={of} close={() => setOpen(false)} />}
    </>
  )
}

function ServiceCommandDialog({ command, of, close }: ServiceCommandProps & { readonly close: () => void }) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useServiceCommand(command, of.name, close)
  const { title, act, acting, follows } = commandWords(command, of)
  return (
    <ActDialog
      title={`${title}?`}
      isDanger={command === 'handOver'}
      act={act}
      acting={acting}
      isPending={isPending}
      ready={reason.trim().length >= REASON_LENGTH_MIN}
      error={error}
      submit={() => mutate(reason.trim())}
      close={close}
    >
      <div>
        <h3>What follows</h3>
        <ul className="consequences small">
          {follows.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      <TextArea
        label="Why?"
        hint="Goes to the audit with your name."
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
