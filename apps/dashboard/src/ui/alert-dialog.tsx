/** A question that holds the page until it is answered: it closes by its own buttons and by Escape, never by a click beside it. */
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

export interface AlertDialogProps {
  readonly title: string
  readonly icon?: IconName
  /** `alertdialog` asks whether; `dialog` is a form to fill in. */
  readonly role?: 'alertdialog' | 'dialog'
  readonly close: () => void
  readonly children: ReactNode
}

export function AlertDialog({ title, icon, role = 'alertdialog', close, children }: AlertDialogProps) {
  return (
    <ModalOverlay
      className="dialog-back"
      isOpen
      isDismissable={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) close()
      }}
    >
      <Modal className="dialog">
        <Dialog role={role}>
          <div className="dialog-head">
            {icon !== undefined && <Icon name={icon} />}
            <Heading slot="title" level={2}>
              {title}
            </Heading>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
