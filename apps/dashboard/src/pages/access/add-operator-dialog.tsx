/** A new operator. */
import { OperatorName } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { fieldError } from '../../features/show-answer/field-error.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { isGoodPassword, noPassword, PasswordForAnother } from './password-for-another.tsx'
import { roleChoices, roleOf } from './role-choices.ts'

export function AddOperatorDialog({ close }: { readonly close: () => void }) {
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState('viewer')
  const [wish, setWish] = useState(noPassword)
  const [asked, setAsked] = useState(false)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      api.createOperator({
        body: { name, role: roleOf(role), password: wish.password, passwordIsTemporary: wish.isTemporary },
      }),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: queryKeys.operators })
      close()
    },
  })
  const nameIs = OperatorName.safeParse(name)
  const taken = fieldError(error, 'body.name')
  const submit = (): void => {
    setAsked(true)
    if (nameIs.success && isGoodPassword(wish)) mutate()
  }
  return (
    <ActDialog
      title="Add an operator"
      act="Add"
      acting="Adding…"
      isPending={isPending}
      error={taken === undefined ? error : null}
      submit={submit}
      close={close}
    >
      <TextField
        label="Name"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={asked && !nameIs.success ? nameIs.error.issues[0]?.message : taken}
      />
      <SelectField label="Role" choices={roleChoices} value={role} onChange={(event) => setRole(event.target.value)} />
      <PasswordForAnother wish={wish} change={setWish} asked={asked} />
    </ActDialog>
  )
}
