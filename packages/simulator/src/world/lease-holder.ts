/** To servers a client is one identity association: DUID, type and IAID (RFC 8156 section 7.5.4). */
import type { Binding } from '@tandem/engine'
import type { Duid } from '@tandem/protocol'
import type { NamedIa } from '../actors/client-message.ts'

export function holderText(duid: Duid | undefined, { iaType, iaid }: NamedIa): string {
  return `${duid ?? 'nobody'} ${iaType} ${iaid}`
}

/** Undefined: a record without a client, or none. */
export function holderOf(record: Binding | undefined): string | undefined {
  return record?.client === undefined ? undefined : holderText(record.client.duid, record.client)
}
