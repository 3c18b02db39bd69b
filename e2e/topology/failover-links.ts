/**
 * The network of two servers whose links can be cut one by one, without either end being told.
 *
 *        alpha          beta
 *        │ sync         │ sync
 *   ═════╧══════════════╧═════════    2001:db8:ff::/64    alpha ::a, beta ::b: failover only
 *
 *        alpha          beta
 *        │ lan          │ lan
 *   ═════╧══════════════╧══════╤══    2001:db8:1::/64     alpha ::a, beta ::b
 *                              │ v0
 *                          clients
 *
 * A double line is a switch, in a namespace of its own.
 */
import { makeNamespaces, type Namespace, type Namespaces, type Plug } from './namespaces.ts'
import type { ServerName } from './pair-configuration.ts'

export interface FailoverLinks {
  readonly alpha: Namespace
  readonly beta: Namespace
  /** Of either server; a cut at one end separates the two. */
  readonly sync: Readonly<Record<ServerName, Plug>>
  readonly lan: Readonly<Record<ServerName, Plug>>
  addClient(name: string): Namespace
  remove(): void
}

export function buildFailoverLinks(): FailoverLinks {
  const namespaces = makeNamespaces()
  try {
    return wire(namespaces)
  } catch (error) {
    namespaces.remove()
    throw error
  }
}

function wire(namespaces: Namespaces): FailoverLinks {
  const [alpha, beta] = [namespaces.add('alpha'), namespaces.add('beta')]
  const [syncSwitch, lanSwitch] = [namespaces.addSwitch('sync'), namespaces.addSwitch('lan')]
  const plugs = (name: string, into: Namespace): Readonly<Record<ServerName, Plug>> => ({
    alpha: namespaces.plug(alpha, name, into),
    beta: namespaces.plug(beta, name, into),
  })
  const [sync, lan] = [plugs('sync', syncSwitch), plugs('lan', lanSwitch)]
  namespaces.addAddress(alpha, 'sync', '2001:db8:ff::a/64')
  namespaces.addAddress(beta, 'sync', '2001:db8:ff::b/64')
  namespaces.addAddress(alpha, 'lan', '2001:db8:1::a/64')
  namespaces.addAddress(beta, 'lan', '2001:db8:1::b/64')
  return {
    alpha,
    beta,
    sync,
    lan,
    addClient(name) {
      const client = namespaces.add(name)
      namespaces.plug(client, 'v0', lanSwitch)
      return client
    },
    remove: () => namespaces.remove(),
  }
}
