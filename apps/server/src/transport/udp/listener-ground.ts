/** What a client listener stands on: an interface that is up with a carrier, an address that this machine has. */
import { readFileSync } from 'node:fs'
import type { NetworkInterfaceInfo } from 'node:os'
import { parseIpv6Address, UNSPECIFIED_ADDRESS } from '@tandem/protocol'
import type { ClientListener } from '../../configuration/server-configuration.ts'

/** As `os.networkInterfaces()` has it: only those that are up and running (RFC 2863: operational), with their addresses. */
export type Interfaces = Readonly<Partial<Record<string, readonly NetworkInterfaceInfo[]>>>

export interface Ground {
  /** Why nobody can be heard; undefined: all is well. */
  readonly problem: string | undefined
  /** Of the interface; another one means that it was made anew, and the socket belongs to the old one. */
  readonly interfaceIndex: number | undefined
}

export function groundOf(listener: ClientListener, interfaces: Interfaces): Ground {
  return listener.kind === 'interface'
    ? interfaceGround(listener.interfaceName, interfaces)
    : addressGround(listener.address, interfaces)
}

function interfaceGround(name: string, interfaces: Interfaces): Ground {
  const found = interfaces[name]?.filter(({ family }) => family === 'IPv6') ?? []
  if (found.length === 0) return { problem: `interface ${name} ${whyNotRunning(name)}`, interfaceIndex: undefined }
  const linkLocal = found.find((address) => address.family === 'IPv6' && address.address.startsWith('fe80'))
  return { problem: undefined, interfaceIndex: linkLocal?.family === 'IPv6' ? linkLocal.scopeid : undefined }
}

/** The unspecified address stands on every interface that leads out of this machine. */
function addressGround(listened: string, interfaces: Interfaces): Ground {
  const [address = '', zone] = listened.split('%')
  const wanted = parseIpv6Address(address)
  const found = Object.entries(interfaces).some(([name, addresses]) =>
    addresses?.some((info) =>
      wanted === UNSPECIFIED_ADDRESS
        ? info.family === 'IPv6' && !info.internal
        : (zone === undefined || zone === name) && parseIpv6Address(info.address) === wanted,
    ),
  )
  const missing =
    wanted === UNSPECIFIED_ADDRESS
      ? 'no interface that leads out of this machine is up'
      : `no interface that is up has the address ${listened}`
  return { problem: found ? undefined : missing, interfaceIndex: undefined }
}

/** Linux tells more; elsewhere "is not up" has to do. */
function whyNotRunning(name: string): string {
  const read = (fact: string): string | undefined => {
    try {
      return readFileSync(`/sys/class/net/${name}/${fact}`, 'utf8').trim()
    } catch {
      // Not there, or not to be read while the interface is down.
      return undefined
    }
  }
  if (read('ifindex') === undefined) return 'is gone'
  const IS_UP = 1
  if ((Number(read('flags') ?? IS_UP) & IS_UP) === 0) return 'is set down'
  return read('carrier') === '0' ? 'has no carrier' : 'is not up with an IPv6 address'
}

/** Whether the machine knows the interface at all, up or not. */
export function interfaceExists(name: string): boolean {
  try {
    readFileSync(`/sys/class/net/${name}/ifindex`)
    return true
  } catch {
    return false
  }
}
