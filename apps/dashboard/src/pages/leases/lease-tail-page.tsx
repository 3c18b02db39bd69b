/** Leases as they change, one line a change; lines never move under pointer or focus, and can be held. */
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useLive } from '../../api/live.tsx'
import { groupedDigits } from '../../components/count-words.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Polite } from '../../ui/polite.tsx'
import { HoldButton } from './hold-button.tsx'
import { rowsThatFit, TAIL_ROWS_MAX } from './lease-tail.ts'
import type { Tail } from './lease-tail.ts'
import { LeaseTailTable } from './lease-tail-table.tsx'
import { useHold } from './use-hold.ts'
import { useLeaseTail } from './use-lease-tail.ts'
import './leases.css'

export function LeaseTailPage() {
  const hold = useHold()
  const { tail, clear } = useLeaseTail(hold.isHeld)
  const [text, setText] = useState('')
  const rows = useMemo(() => rowsThatFit(tail.shown, text), [tail.shown, text])
  const waiting = useMemo(() => rowsThatFit(tail.waiting, text).length, [tail.waiting, text])
  const note = noteOn(hold.isHeld, waiting, tail)
  return (
    <Page
      title="Changes of leases"
      lead="As they happen: every change of state or client. Renewals are no changes, and of a flood only some come."
      acts={
        <Link className="button button-small" to={paths.leases()}>
          All leases
        </Link>
      }
    >
      <section className="card" aria-label="Changes of leases">
        <form className="tail-filter" role="search" onSubmit={(event) => event.preventDefault()}>
          <TextField
            label="Only with this in address, DUID, host name or subnet"
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <Button onPress={clear} isDisabled={tail.shown.length + tail.waiting.length === 0}>
            Clear the list
          </Button>
        </form>
        <div className="table-note">
          <span>{note}</span>
          <Polite text={hold.isPaused ? note : ''} />
          <HoldButton hold={hold} />
        </div>
        {rows.length === 0 ? (
          <NothingYet isFiltered={text.trim() !== '' && tail.shown.length > 0} />
        ) : (
          <div {...hold.handlers}>
            <LeaseTailTable rows={rows} />
          </div>
        )}
      </section>
    </Page>
  )
}

function noteOn(isHeld: boolean, waiting: number, { shown, dropped }: Tail): string {
  const lost = dropped > 0 ? `, and ${groupedDigits(String(dropped))} that are not kept` : ''
  if (waiting > 0) return `Held: ${groupedDigits(String(waiting))} ${waiting === 1 ? 'waits' : 'wait'}${lost}`
  if (isHeld) return 'Held: nothing has come since'
  return shown.length >= TAIL_ROWS_MAX ? `The newest ${TAIL_ROWS_MAX} changes` : 'New changes come in by themselves'
}

function NothingYet({ isFiltered }: { readonly isFiltered: boolean }) {
  const { status } = useLive()
  if (isFiltered) return <Empty icon="search" title="No change so far fits this" />
  if (status.phase === 'lost') {
    return (
      <Empty icon="unlinked" title="The server is not heard">
        <p>Changes come in again when it is. What changes meanwhile is in the history of each lease.</p>
      </Empty>
    )
  }
  return (
    <Empty icon="leases" title="Nothing has changed since this page was opened">
      <p>A client that gets an address, gives one back or loses it appears here at once.</p>
    </Empty>
  )
}
