/** The parts of a pool as they are drawn everywhere: each has a pattern of its own beside its colour. */
import './pool-bar.css'

export type PoolPart = 'leased' | 'waiting' | 'quarantined' | 'ownFree' | 'partnerFree' | 'reserved'

export const poolParts: readonly { readonly part: PoolPart; readonly name: string; readonly meaning: string }[] = [
  { part: 'leased', name: 'Leased', meaning: 'A client holds it' },
  { part: 'ownFree', name: 'Own free', meaning: 'Free for this server to give' },
  { part: 'partnerFree', name: 'Partner’s free', meaning: 'Free for the partner to give' },
  { part: 'reserved', name: 'Reserved', meaning: 'Kept for clients with a reservation and not in use' },
  {
    part: 'waiting',
    name: 'Waiting',
    meaning: 'Ended; waits for the partner’s acknowledgement or for the maximum client lead time',
  },
  { part: 'quarantined', name: 'Quarantined', meaning: 'Declined by a client, since somebody else uses it' },
]

/** Tiles of 8 by 8: a solid field, strokes, dots; what is free is lighter than what is taken. */
function PatternTile({ part }: { readonly part: PoolPart }) {
  switch (part) {
    case 'leased':
      return <rect width="8" height="8" fill="currentColor" />
    case 'ownFree':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M-2 10 10-2M-2 2 2-2M6 10 10 6" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
    case 'partnerFree':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <circle cx="2" cy="2" r="1.3" fill="currentColor" />
          <circle cx="6" cy="6" r="1.3" fill="currentColor" />
        </>
      )
    case 'reserved':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M0 2h8M0 6h8" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
    case 'waiting':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M2 0v8M6 0v8" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
    case 'quarantined':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M0 0 8 8M8 0 0 8" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
  }
}

/** To be filled with `url(#ID-PART)`. */
export function PoolPatterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {poolParts.map(({ part }) => (
        <pattern
          key={part}
          id={`${id}-${part}`}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          className={`part-${part}`}
        >
          <PatternTile part={part} />
        </pattern>
      ))}
    </defs>
  )
}
