/** A lease file of kea-dhcp6 (memfile) with any number of active leases, as Kea itself writes them. */
import { closeSync, openSync, writeSync } from 'node:fs'

const HEAD =
  'address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source'
const VALID_SECONDS = 86_400
const PREFERRED_SECONDS = 43_200
const LINES_AT_ONCE = 10_000

/** The upper half of the pool: Kea looks for free addresses from below, one by one, and shall not have to walk past all. */
const FIRST_GROUP = 0x8000

export interface FilledLeaseFile {
  readonly file: string
  readonly leases: number
  readonly writtenAtMs: number
}

export function writeKeaLeaseFile({ file, leases, writtenAtMs }: FilledLeaseFile): void {
  const descriptor = openSync(file, 'w')
  try {
    writeSync(descriptor, `${HEAD}\n`)
    for (let first = 0; first < leases; first += LINES_AT_ONCE) {
      const count = Math.min(LINES_AT_ONCE, leases - first)
      const lines = Array.from({ length: count }, (_, index) => keaLeaseLine(first + index, writtenAtMs))
      writeSync(descriptor, `${lines.join('\n')}\n`)
    }
  } finally {
    closeSync(descriptor)
  }
}

export function keaLeaseLine(client: number, writtenAtMs: number): string {
  const octets = [24, 16, 8, 0].map((shift) => ((client >>> shift) & 0xff).toString(16).padStart(2, '0')).join(':')
  const group = FIRST_GROUP + (client >>> 16)
  const address = `2001:db8:1::1:${group.toString(16)}:${(client & 0xffff).toString(16)}`
  const expiresAt = Math.floor(writtenAtMs / 1000) + VALID_SECONDS
  const times = `${VALID_SECONDS},${expiresAt},1,${PREFERRED_SECONDS}`
  return `${address},00:01:00:01:2a:00:00:00:02:0c:${octets},${times},0,1,128,0,0,,,0,,,`
}
