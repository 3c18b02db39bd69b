/** The queue of binding updates to the partner, and what of it was refused. */
import type { Relationship } from '@tandem/api-contract'
import { Fragment } from 'react'
import { groupedDigits } from '../../components/count-words.ts'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'

export function UpdateCard({ of }: { readonly of: Relationship }) {
  const { updatesOwed, oldestUpdateOwedSince, updatesUnacked, partnerMaxUnackedUpdates, partnerName, resync } = of
  return (
    <Card title="Update queue">
      <Facts>
        <Fact name={`Owed to ${partnerName}`} why="Leases whose news it has not acknowledged">
          {groupedDigits(updatesOwed)}
        </Fact>
        <Fact name="Oldest of these" why={`How far the records of ${partnerName} lag behind`}>
          {oldestUpdateOwedSince === null ? 'none' : <Moment at={oldestUpdateOwedSince} show="ago-and-clock" />}
        </Fact>
        <Fact name="Sent, unacknowledged">
          {groupedDigits(updatesUnacked)}
          {partnerMaxUnackedUpdates !== null && ` of ${partnerMaxUnackedUpdates.toLocaleString('en')} allowed at once`}
        </Fact>
        <Fact name="Resynchronisation">{resync === null ? 'none' : <Resync of={resync} />}</Fact>
        <Fact name="Refused" why="Since the start: conflicting or unusable updates; the log names each">
          <Refused of={of} />
        </Fact>
      </Facts>
    </Card>
  )
}

function Refused({ of: { updatesRejected, partnerName, serverName } }: { readonly of: Relationship }) {
  if (updatesRejected.length === 0) return 'none'
  return (
    <ul>
      {updatesRejected.map(({ by, status, count }) => (
        <li key={`${by} ${status}`}>
          {groupedDigits(count)} by {by === 'us' ? serverName : partnerName}: <StatusName of={status} />
        </li>
      ))}
    </ul>
  )
}

/** In one word, as the standard writes it, which may break where its words begin. */
function StatusName({ of: status }: { readonly of: string }) {
  return status.split(/(?=[A-Z])/u).map((part) => (
    <Fragment key={part}>
      <wbr />
      {part}
    </Fragment>
  ))
}

function Resync({ of: { direction, done, total } }: { readonly of: NonNullable<Relationship['resync']> }) {
  return (
    <>
      {direction === 'sending' ? 'sending to the partner' : 'receiving from the partner'}: {groupedDigits(done)}
      {total === null ? ' so far' : ` of ${groupedDigits(total)}`}
      {total !== null && total !== '0' && (
        <progress max={Number(total)} value={Number(done)} aria-label="Resynchronisation" />
      )}
    </>
  )
}
