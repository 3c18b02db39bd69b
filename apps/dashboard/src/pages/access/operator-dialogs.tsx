/** What an administrator does to an operator: another role, in or out, another password, away. Each ends the operator's sessions. */
import type { Operator } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { CheckField, SelectField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { isGoodPassword, noPassword, PasswordForAnother } from './password-for-another.tsx'
import { roleChoices, roleOf } from './role-choices.ts'

export interface OperatorDialogProps {
  readonly of: Operator
  /** It is the account of whoever looks at the page. */
  readonly isOwn: boolean
  readonly close: () => void
}

function useOperatorAct(act: () => Promise<unknown>, close: () => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: close,
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: queryKeys.operators })
      void cache.invalidateQueries({ queryKey: queryKeys.sessions })
    },
  })
}

function EndsSessions({ of: operator, isOwn }: Pick<OperatorDialogProps, 'of' | 'isOwn'>) {
  return (
    <Notice tone={isOwn ? 'degraded' : 'idle'}>
      <p>
        {isOwn
          ? 'This is your own account: you are signed out with it.'
          : `All sessions of ${operator.name} end with it.`}
      </p>
    </Notice>
  )
}

export function ChangeAccessDialog({ of: operator, isOwn, close }: OperatorDialogProps) {
  const [role, setRole] = useState<string>(operator.role)
  const [disabled, setDisabled] = useState(operator.disabled)
  const { mutate, isPending, error } = useOperatorAct(
    () =>
      api.changeOperator({
        params: { id: operator.id },
        body: { role: roleOf(role), disabled },
        ifMatch: operator.version,
      }),
    close,
  )
  const changes = role !== operator.role || disabled !== operator.disabled || operator.unknownRole !== null
  return (
    <ActDialog
      title={`Access of ${operator.name}`}
      act="Save"
      acting="Saving…"
      isPending={isPending}
      ready={changes}
      error={error}
      submit={() => mutate()}
      close={close}
    >
      {operator.unknownRole !== null && (
        <Notice tone="degraded">
          <p>
            The partner gave it the role {operator.unknownRole}, which this version does not know. Saving replaces that
            role on both servers.
          </p>
        </Notice>
      )}
      <SelectField
        label="Role"
        choices={roleChoices}
        autoFocus
        value={role}
        onChange={(event) => setRole(event.target.value)}
      />
      <CheckField checked={disabled} change={setDisabled}>
        Disabled: cannot sign in until somebody enables the account again
      </CheckField>
      <EndsSessions of={operator} isOwn={isOwn} />
    </ActDialog>
  )
}

export function ResetPasswordDialog({ of: operator, isOwn, close }: OperatorDialogProps) {
  const [wish, setWish] = useState(noPassword)
  const [asked, setAsked] = useState(false)
  const { mutate, isPending, error } = useOperatorAct(
    () =>
      api.resetOperatorPassword({
        params: { id: operator.id },
        body: { password: wish.password, passwordIsTemporary: wish.isTemporary },
      }),
    close,
  )
  const submit = (): void => {
    setAsked(true)
    if (isGoodPassword(wish)) mutate()
  }
  return (
    <ActDialog
      title={`New password for ${operator.name}`}
      act="Reset the password"
      acting="Resetting…"
      isPending={isPending}
      error={error}
      submit={submit}
      close={close}
    >
      <PasswordForAnother wish={wish} change={setWish} asked={asked} />
      <EndsSessions of={operator} isOwn={isOwn} />
    </ActDialog>
  )
}

export function RemoveOperatorDialog({ of: operator, isOwn, close }: OperatorDialogProps) {
  const { mutate, isPending, error } = useOperatorAct(
    () => api.removeOperator({ params: { id: operator.id }, ifMatch: operator.version }),
    close,
  )
  return (
    <ActDialog
      title={`Remove ${operator.name}?`}
      isDanger
      act="Remove for good"
      acting="Removing…"
      isPending={isPending}
      error={error}
      submit={() => mutate()}
      close={close}
    >
      <p>
        The account is gone for good; what {operator.name} has done stays in the audit. To keep somebody out for a
        while, disable the account instead.
      </p>
      <p>API tokens that {operator.name} has made stay good: look whether some of them have to go too.</p>
      <EndsSessions of={operator} isOwn={isOwn} />
    </ActDialog>
  )
}
