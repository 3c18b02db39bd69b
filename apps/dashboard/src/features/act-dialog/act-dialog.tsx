/** The frame of an act on access: a form that says what it does, what the server refused, and whether it is under way. */
import { failureOf } from '@tandem/api-contract'
import type { FormEvent, ReactNode } from 'react'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../show-answer/answer.tsx'

export interface ActDialogProps {
  readonly title: string
  /** Asks whether to do something that cannot be taken back, instead of what to do. */
  readonly isDanger?: boolean
  /** On the button: `Remove`, and `Removing…` meanwhile. */
  readonly act: string
  readonly acting: string
  readonly isPending: boolean
  /** False: the button waits for something that is missing. */
  readonly ready?: boolean
  readonly error: Error | null
  readonly submit: () => void
  readonly close: () => void
  readonly children: ReactNode
}

export function ActDialog(props: ActDialogProps) {
  const { title, isDanger = false, act, acting, isPending, ready = true, error, submit, close, children } = props
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready && !isPending) submit()
  }
  return (
    <AlertDialog
      title={title}
      role={isDanger ? 'alertdialog' : 'dialog'}
      {...(isDanger ? { icon: 'degraded' as const } : {})}
      close={close}
    >
      <form onSubmit={onSubmit} noValidate>
        <div className="dialog-body">
          {children}
          {error !== null && <FailureNotice failure={failureOf(error)} />}
        </div>
        <div className="dialog-acts">
          {/* Where something is at stake the safe answer has the focus when the dialog opens. */}
          <Button autoFocus={isDanger} onPress={close}>
            Cancel
          </Button>
          <Button type="submit" look={isDanger ? 'danger' : 'primary'} isDisabled={!ready || isPending}>
            {isPending ? acting : act}
          </Button>
        </div>
      </form>
    </AlertDialog>
  )
}
