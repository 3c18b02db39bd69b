/** ISC dhclient, with `-N` for an address or `-P` for a prefix; it tells each step to its script. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { duidFromHex, type Duid } from '@tandem/protocol'
import { startProgram } from '../../topology/program.ts'
import { interfaceAddresses, INTERFACE, privately, readRecord, writeRecorder } from './real-client.ts'
import type { ClientEvent, ClientPlace, RealClient } from './real-client.ts'

const meanings: ReadonlyMap<string, ClientEvent['what']> = new Map([
  ['BOUND6', 'bound'],
  ['RENEW6', 'renewed'],
  ['REBIND6', 'rebound'],
  ['EXPIRE6', 'ended'],
])

/** dhclient leaves it to its script to put the address on the interface. */
const APPLY = `
if [ -n "$new_ip6_address" ] && [ "$reason" != EXPIRE6 ]; then
  ip -6 address replace "$new_ip6_address/$new_ip6_prefixlen" dev "$interface" \\
    valid_lft "$new_max_life" preferred_lft "$new_preferred_life"
fi`

export function startDhclient(place: ClientPlace, kind: 'address' | 'prefix'): RealClient {
  mkdirSync(place.folder, { recursive: true })
  const { script, record } = writeRecorder(place, APPLY)
  const configuration = join(place.folder, 'dhclient.conf')
  writeFileSync(configuration, '')
  const files = ['-cf', configuration, '-sf', script, '-lf', join(place.folder, 'dhclient.leases'), '--no-pid']
  const command = ['dhclient', '-6', '-d', '-v', kind === 'address' ? '-N' : '-P', ...files, INTERFACE]
  const program = startProgram({
    command: privately(place, ['/var/lib/dhcp'], command),
    logFile: join(place.folder, 'dhclient.log'),
  })
  return {
    name: place.name,
    program,
    wants: { address: kind === 'address', prefix: kind === 'prefix' },
    events: () =>
      readRecord(record).flatMap((variables) => {
        const what = meanings.get(variables.get('reason') ?? '')
        if (what === undefined) return []
        const side = what === 'ended' ? 'old' : 'new'
        const lease = variables.get(`${side}_ip6_address`) ?? variables.get(`${side}_ip6_prefix`)
        const server = duidIn(variables.get(`${side}_dhcp6_server_id`))
        return [{ what, leases: lease === undefined ? [] : [lease], ...(server === undefined ? {} : { server }) }]
      }),
    interfaceAddresses: () => interfaceAddresses(place),
    stop: async () => void (await program.stop()),
  }
}

/** Octets in hex, without leading zeros, between colons. */
function duidIn(text: string | undefined): Duid | undefined {
  return text === undefined
    ? undefined
    : duidFromHex(
        text
          .split(':')
          .map((octet) => octet.padStart(2, '0'))
          .join(''),
      )
}
