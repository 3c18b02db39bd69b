/** How a lease is kept for its client for good: reservations stand in the files of both servers, so what to write there is shown. */
import type { Lease } from '@tandem/api-contract'
import { useState } from 'react'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { reservationOf } from './reservation-line.ts'
import './reserve-lease.css'

/** Nothing where it cannot be kept for anybody. */
export function ReserveLease({ of: lease }: { readonly of: Lease }) {
  // As it was when the dialog opened: a client that leaves meanwhile does not change what is being copied.
  const [asked, setAsked] = useState<Lease | undefined>()
  if (asked === undefined && !reservationOf(lease).can) return undefined
  return (
    <div className="reserve-lease">
      <Button aria-describedby="reserve-lease-why" onPress={() => setAsked(lease)}>
        Keep it for this client…
      </Button>
      <p id="reserve-lease-why" className="muted small">
        Reservations stand in the configuration files; this shows what to write.
      </p>
      {asked !== undefined && <ReserveDialog of={asked} close={() => setAsked(undefined)} />}
    </div>
  )
}

function ReserveDialog({ of: lease, close }: { readonly of: Lease; readonly close: () => void }) {
  const reservation = reservationOf(lease)
  if (!reservation.can) return undefined
  const isPair = lease.relationship !== null
  return (
    <AlertDialog title={`Keep ${lease.lease} for its client`} role="dialog" close={close}>
      <div className="dialog-body">
        <p>
          The console changes no configuration. Write this line under <code>reservations</code> of the subnet{' '}
          <code>{reservation.subnet}</code>
          {isPair ? ', in the files of both servers:' : ':'}
        </p>
        <div className="reserve-line">
          <code>{reservation.line}</code>
          <CopyButton text={reservation.line} what="the line" />
        </div>
        <ol className="reserve-steps">
          <li>
            Check {isPair ? 'each file' : 'the file'}: <code>tandem check --config FILE</code>
          </li>
          <li>
            {isPair
              ? 'Restart one server, wait until both consoles say NORMAL, then restart the other.'
              : 'Restart the server.'}
          </li>
          <li>
            From then on the lease is given to this client before any other, and to nobody else. The client keeps it
            without a break.
          </li>
        </ol>
      </div>
      <div className="dialog-acts">
        <Button look="primary" autoFocus onPress={close}>
          Close
        </Button>
      </div>
    </AlertDialog>
  )
}
