/** Drains a pool, or gives leases from it again, after a dialog that says what follows and asks for a reason. */
import type { Pool } from '@tandem/api-contract'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActDialog } from '../act-dialog/act-dialog.tsx'
import { drainWords } from './drain-words.ts'
import type { DrainSurroundings } from './drain-words.ts'
import { useDrainPool } from './use-drain-pool.ts'
import type { PoolAct } from './use-drain-pool.ts'
import './drain-pool.css'

const REASON_LENGTH_MIN = 3

export interface DrainPoolProps {
  readonly of: Pool
  readonly surroundings: DrainSurroundings
}

export function DrainPoolButton({ of: pool, surroundings }: DrainPoolProps) {
  const session = useQuery(sessionQuery)
  // As it was when the dialog opened: what somebody else does meanwhile does not change the question.
  const [asked, setAsked] = useState<PoolAct>()
  const role = session.data?.operator.role
  const mayCommand = role !== undefined && roleMay(role, 'leases.command')
  const act = pool.draining === null ? 'drainPool' : 'stopDraining'
  const why = act === 'drainPool' ? 'Nothing new from it, nothing of it extended, until it is empty.' : undefined
  return (
    <div className="drain-command">
      <Button isDisabled={!mayCommand} aria-describedby="drain-pool-why" onPress={() => setAsked(act)}>
        {act === 'drainPool' ? 'Drain this pool…' : 'Stop draining…'}
      </Button>
      <p id="drain-pool-why" className="muted small">
        {mayCommand ? why : `Your role does not allow this: it needs ${roleNeededFor('leases.command')}.`}
      </p>
      {asked !== undefined && (
        <DrainPoolDialog act={asked} of={pool} surroundings={surroundings} close={() => setAsked(undefined)} />
      )}
    </div>
  )
}

interface DrainPoolDialogProps extends DrainPoolProps {
  readonly act: PoolAct
  readonly close: () => void
}

function DrainPoolDialog({ act, of: pool, surroundings, close }: DrainPoolDialogProps) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useDrainPool(act, pool, close)
  const words = drainWords(act, pool, surroundings)
  return (
    <ActDialog
      title={words.title}
      isDanger={act === 'drainPool'}
      act={words.act}
      acting={words.acting}
      isPending={isPending}
      ready={reason.trim().length >= REASON_LENGTH_MIN}
      error={error}
      submit={() => mutate(reason.trim())}
      close={close}
    >
      <div>
        <h3>What follows</h3>
        <ul className="drain-consequences small">
          {words.follows.map((line) => (
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
