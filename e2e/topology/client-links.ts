/**
 * The network of the real clients: a pair of servers, clients on the servers' own link, and clients behind a relay.
 *
 *        alpha          beta                     2001:db8:ff::/64   alpha ::a, beta ::b: failover only
 *        │ sync ─────── sync
 *        │ lan          │ lan
 *   ═════╧══════════════╧══════╤═══╤═══╤══       2001:db8:1::/64    alpha ::a, beta ::b, relay ::5
 *                        upper │   │   │ v0
 *                            relay near clients   SOLICIT by multicast, heard by both servers
 *                        lower │
 *   ═══════════════════════════╧═══╤═══╤══       2001:db8:2::/64    relay ::1
 *                                  │   │ v0
 *                              far clients        SOLICIT by multicast, relayed by unicast to both servers
 *
 * A double line is a switch, in a namespace of its own. Each client has an interface `inner` too, on which it can use
 * a delegated prefix. The relay is ISC dhcrelay.
 */
import { makeNamespaces, type Namespace, type Namespaces } from './namespaces.ts'
import type { ServerPlace, SubnetText } from './pair-configuration.ts'
import { startProgram, type RunningProgram } from './program.ts'
import { waitUntil } from './wait-until.ts'

export interface ClientLinks {
  readonly alpha: Namespace
  readonly beta: Namespace
  readonly relay: Namespace
  addNearClient(name: string): Namespace
  addFarClient(name: string): Namespace
  startRelay(logFile: string): Promise<RunningProgram>
  remove(): void
}

export const alphaPlace: ServerPlace = {
  interfaces: ['lan'],
  listeners: [{ address: '2001:db8:1::a' }],
  apiListen: '127.0.0.1:8067',
  failover: '[2001:db8:ff::a]:647',
}

export const betaPlace: ServerPlace = {
  interfaces: ['lan'],
  listeners: [{ address: '2001:db8:1::b' }],
  apiListen: '127.0.0.1:8067',
  failover: '[2001:db8:ff::b]:647',
}

export const nearSubnet: SubnetText = {
  prefix: '2001:db8:1::/64',
  interfaces: ['lan'],
  addressPools: ['2001:db8:1::1:0:0/96'],
  prefixPools: [{ prefix: '2001:db8:8000::/40', delegatedLength: 56 }],
}

export const farSubnet: SubnetText = {
  prefix: '2001:db8:2::/64',
  addressPools: ['2001:db8:2::1:0:0/96'],
  prefixPools: [{ prefix: '2001:db8:9000::/40', delegatedLength: 56 }],
}

export function buildClientLinks(): ClientLinks {
  const namespaces = makeNamespaces()
  try {
    return wire(namespaces)
  } catch (error) {
    namespaces.remove()
    throw error
  }
}

function wire(namespaces: Namespaces): ClientLinks {
  const [alpha, beta, relay] = [namespaces.add('alpha'), namespaces.add('beta'), namespaces.add('relay')]
  const lan = namespaces.addSwitch('lan')
  const farLan = namespaces.addSwitch('far-lan')
  namespaces.plug(alpha, 'lan', lan)
  namespaces.plug(beta, 'lan', lan)
  namespaces.plug(relay, 'upper', lan)
  namespaces.plug(relay, 'lower', farLan)
  namespaces.cable(alpha, 'sync', beta, 'sync')
  namespaces.addAddress(alpha, 'lan', '2001:db8:1::a/64')
  namespaces.addAddress(beta, 'lan', '2001:db8:1::b/64')
  namespaces.addAddress(relay, 'upper', '2001:db8:1::5/64')
  namespaces.addAddress(relay, 'lower', '2001:db8:2::1/64')
  namespaces.addAddress(alpha, 'sync', '2001:db8:ff::a/64')
  namespaces.addAddress(beta, 'sync', '2001:db8:ff::b/64')
  const addClient = (name: string, link: Namespace): Namespace => {
    const client = namespaces.add(name)
    namespaces.plug(client, 'v0', link)
    namespaces.cable(client, 'inner', client, 'inner-end')
    return client
  }
  return {
    alpha,
    beta,
    relay,
    addNearClient: (name) => addClient(name, lan),
    addFarClient: (name) => addClient(name, farLan),
    startRelay: (logFile) => startRelay(relay, logFile),
    remove: () => namespaces.remove(),
  }
}

/** `-u` with both servers: a relay that knows its servers sends to each of them. */
async function startRelay(relay: Namespace, logFile: string): Promise<RunningProgram> {
  const upstream = ['2001:db8:1::a', '2001:db8:1::b'].flatMap((server) => ['-u', `${server}%upper`])
  const command = relay.inside('dhcrelay', '-6', '-d', '--no-pid', '-l', 'lower', ...upstream)
  const program = startProgram({ command, logFile })
  await waitUntil('dhcrelay listens', 10_000, () => {
    if (program.exit() !== undefined) throw new Error(program.output())
    return relay.run('cat', '/proc/net/udp6').includes(':0223 ')
  })
  return program
}
