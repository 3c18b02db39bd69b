/** Always to be seen; disabled with the server's reason where it does not allow the act. */
import type { Relationship } from '@tandem/api-contract'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { DeclarePartnerDownDialog } from './declare-partner-down-dialog.tsx'
import './declare-partner-down.css'

export interface DeclarePartnerDownButtonProps {
  readonly of: Relationship
  readonly size?: 'small'
  /** The reason stands beside the button; where there is little room, in its title and for screen readers. */
  readonly sayWhy?: boolean
}

export function DeclarePartnerDownButton({ of: relationship, size, sayWhy = false }: DeclarePartnerDownButtonProps) {
  const session = useQuery(sessionQuery)
  const [open, setOpen] = useState(false)
  const { allowed, because } = relationship.commands.declarePartnerDown
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'relationships.command')
  const why = mayCommand
    ? because
    : `Your role does not allow this: it needs ${roleNeededFor('relationships.command')}.`
  const disabled = !allowed || !mayCommand
  const id = `declare-partner-down-${relationship.name}-why`
  return (
    <>
      <span title={why}>
        <Button
          look="danger-quiet"
          {...(size === undefined ? {} : { size })}
          isDisabled={disabled}
          aria-describedby={id}
          onPress={() => setOpen(true)}
        >
          Declare {relationship.partnerName} down…
        </Button>
      </span>
      <span id={id} className={sayWhy ? 'command-why' : 'only-heard'}>
        {why}
      </span>
      {open && <DeclarePartnerDownDialog of={relationship} close={() => setOpen(false)} />}
    </>
  )
}
