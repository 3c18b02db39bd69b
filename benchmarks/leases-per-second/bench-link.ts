/**
 * The link of the benchmark: the load and the servers on one switch.
 *
 *     load           one            two       v0: 2001:db8:1::c, ::a, ::b (/64)
 *     │ v0           │ v0           │ v0
 *   ══╧══════════════╧══════════════╧══       a switch in a namespace of its own
 *
 * A server alone is `one`; a pair is `one` and `two`, whose failover connection runs over the same link.
 */
import { makeNamespaces, type Namespace, type Plug } from '../../e2e/topology/namespaces.ts'

export const INTERFACE = 'v0'
export const SUBNET = '2001:db8:1::/64'
export const POOL = '2001:db8:1::1:0:0/96'
export const LOAD_ADDRESS = '2001:db8:1::c'
export const PREFIX_POOL = '3000::/20'
export const DELEGATED_LENGTH = 56

export interface BenchLink {
  readonly load: Namespace
  readonly one: Namespace
  readonly two: Namespace
  /** On the link, for what speaks IPv4 only: with 24 bits of network. */
  addIpv4(namespace: Namespace, address: string): void
  /** Of the host `one`, the only one that it has. */
  readonly plugOfOne: Plug
  remove(): void
}

export function buildBenchLink(): BenchLink {
  const namespaces = makeNamespaces()
  try {
    const lan = namespaces.addSwitch('lan')
    const place = (role: string, address: string): { readonly namespace: Namespace; readonly plug: Plug } => {
      const namespace = namespaces.add(role)
      const plug = namespaces.plug(namespace, INTERFACE, lan)
      namespaces.addAddress(namespace, INTERFACE, `${address}/64`)
      return { namespace, plug }
    }
    const load = place('load', LOAD_ADDRESS)
    const one = place('one', '2001:db8:1::a')
    const two = place('two', '2001:db8:1::b')
    return {
      load: load.namespace,
      one: one.namespace,
      two: two.namespace,
      plugOfOne: one.plug,
      addIpv4: (namespace, address) => {
        namespace.run('ip', 'address', 'add', `${address}/24`, 'dev', INTERFACE)
      },
      remove: () => namespaces.remove(),
    }
  } catch (error) {
    namespaces.remove()
    throw error
  }
}
