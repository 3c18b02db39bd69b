/** dhcp6c of WIDE, which asks for an address and a prefix; what it does is read from its log. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../topology/program.ts'
import { interfaceAddresses, INNER_INTERFACE, INTERFACE, privately } from './real-client.ts'
import type { ClientEvent, ClientPlace, RealClient } from './real-client.ts'

const CONFIGURATION = `
interface ${INTERFACE} {
  send ia-na 1;
  send ia-pd 2;
};
id-assoc na 1 {
};
id-assoc pd 2 {
  prefix-interface ${INNER_INTERFACE} {
    sla-id 0;
    sla-len 8;
  };
};
`

export function startDhcp6c(place: ClientPlace): RealClient {
  mkdirSync(place.folder, { recursive: true })
  const configuration = join(place.folder, 'dhcp6c.conf')
  writeFileSync(configuration, CONFIGURATION)
  const command = ['dhcp6c', '-f', '-D', '-c', configuration, '-p', join(place.folder, 'dhcp6c.pid'), INTERFACE]
  const program = startProgram({
    command: privately(place, ['/var/lib/dhcpv6'], command),
    logFile: join(place.folder, 'dhcp6c.log'),
  })
  return {
    name: place.name,
    program,
    wants: { address: true, prefix: true },
    events: () => eventsOf(program.output()),
    interfaceAddresses: () => interfaceAddresses(place),
    stop: async () => void (await program.stop()),
  }
}

const MEANINGS: ReadonlyMap<string, ClientEvent['what']> = new Map([
  ['REQUEST', 'bound'],
  ['RENEW', 'renewed'],
  ['REBIND', 'rebound'],
])

/** Its log says what a REPLY brought first, and then of which exchange it was the end. */
export function eventsOf(log: string): readonly ClientEvent[] {
  const events: ClientEvent[] = []
  let brought: string[] = []
  for (const line of log.split('\n')) {
    const lease = /update_(?:address|prefix): (?:create|update) an? (?:address|prefix) (\S+) /.exec(line)?.[1]
    const lost = /remove_(?:addr|siteprefix): remove an? (?:address|site prefix) (\S+)/.exec(line)?.[1]
    const what = MEANINGS.get(/dhcp6_remove_event: .*, state=(\w+)/.exec(line)?.[1] ?? '')
    if (lease !== undefined) brought.push(lease)
    if (lost !== undefined) events.push({ what: 'ended', leases: [lost] })
    if (what !== undefined && brought.length > 0) {
      events.push({ what, leases: brought })
      brought = []
    }
  }
  return events
}
