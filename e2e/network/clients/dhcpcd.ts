/** dhcpcd, which asks for an address and a prefix and tells each step to its script. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../topology/program.ts'
import { interfaceAddresses, INNER_INTERFACE, INTERFACE, privately, readRecord, writeRecorder } from './real-client.ts'
import type { ClientEvent, ClientPlace, RealClient } from './real-client.ts'

const meanings: ReadonlyMap<string, ClientEvent['what']> = new Map([
  ['BOUND6', 'bound'],
  ['RENEW6', 'renewed'],
  ['REBIND6', 'rebound'],
  ['EXPIRE6', 'ended'],
])

/** `noipv6rs`: there is no router here that would tell it to use DHCPv6. */
const CONFIGURATION = `
duid
ipv6only
noipv6rs
allowinterfaces ${INTERFACE}
interface ${INTERFACE}
  ia_na 1
  ia_pd 2 ${INNER_INTERFACE}/1
`

export function startDhcpcd(place: ClientPlace): RealClient {
  mkdirSync(place.folder, { recursive: true })
  const { script, record } = writeRecorder(place)
  const configuration = join(place.folder, 'dhcpcd.conf')
  writeFileSync(configuration, CONFIGURATION)
  const command = ['dhcpcd', '-6', '-B', '-d', '-f', configuration, '-c', script, INTERFACE]
  const program = startProgram({
    command: privately(place, ['/var/lib/dhcpcd', '/run/dhcpcd'], command),
    logFile: join(place.folder, 'dhcpcd.log'),
  })
  return {
    name: place.name,
    program,
    wants: { address: true, prefix: true },
    events: () =>
      readRecord(record).flatMap((variables) => {
        const what = meanings.get(variables.get('reason') ?? '')
        return what === undefined ? [] : [{ what, leases: leasesIn(variables, what === 'ended' ? 'old' : 'new') }]
      }),
    interfaceAddresses: () => interfaceAddresses(place),
    stop: async () => void (await program.stop()),
  }
}

function leasesIn(variables: ReadonlyMap<string, string>, side: string): readonly string[] {
  return [...variables].flatMap(([name, value]) => {
    if (new RegExp(`^${side}_dhcp6_ia_na\\d+_ia_addr\\d+$`).test(name)) return [value]
    if (!new RegExp(`^${side}_dhcp6_ia_pd\\d+_prefix\\d+$`).test(name)) return []
    return [`${value}/${variables.get(`${name}_length`) ?? ''}`]
  })
}
