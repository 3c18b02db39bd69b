/** What an endpoint keeps of reservations, as a fact of the node: one for each relationship (docs/decisions/0075). */
import type { ReservationRecord } from '@tandem/engine'

const KEY_PREFIX = 'reservations/'

export const SELECT_RESERVATIONS = `SELECT "key", "value" FROM "NodeFact" WHERE "key" LIKE '${KEY_PREFIX}%' ORDER BY "key"`

/** The digests on the first line; names of relationships hold no slash. */
export function reservationsToFact(record: ReservationRecord): readonly [key: string, value: string] {
  const { relationship, honoured, agreed, sharedAddresses } = record
  return [`${KEY_PREFIX}${relationship}`, `${agreed ?? ''} ${sharedAddresses ?? ''}\n${honoured}`]
}

export function reservationsFromFact([key, value]: readonly unknown[]): ReservationRecord {
  if (typeof key !== 'string' || typeof value !== 'string')
    throw new Error('the storage holds no text for reservations')
  const [digests = '', ...lines] = value.split('\n')
  const [agreed = '', sharedAddresses = ''] = digests.split(' ')
  return {
    relationship: key.slice(KEY_PREFIX.length),
    honoured: lines.join('\n'),
    agreed: agreed === '' ? undefined : agreed,
    sharedAddresses: sharedAddresses === '' ? undefined : sharedAddresses,
  }
}
