/** Asks whether the partner is to be told again of the leases that differ, and why. */
import type { TableComparison } from '@tandem/api-contract'
import { useState } from 'react'
import { TextArea } from '../../ui/field.tsx'
import { ActDialog } from '../act-dialog/act-dialog.tsx'
import { repairWords } from './repair-words.ts'
import { useRepair } from './use-repair.ts'

const REASON_LENGTH_MIN = 3

export function RepairDialog({ of, close }: { readonly of: TableComparison; readonly close: () => void }) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useRepair(of.relationship, close)
  const { question, effects } = repairWords(of)
  return (
    <ActDialog
      title={question}
      act="Tell again"
      acting="Telling…"
      isPending={isPending}
      ready={reason.trim().length >= REASON_LENGTH_MIN}
      error={error}
      submit={() => mutate(reason.trim())}
      close={close}
    >
      {effects.map((effect) => (
        <p key={effect}>{effect}</p>
      ))}
      <TextArea
        label="Why?"
        hint="Goes to the audit of each lease with your name."
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
