/** Client listeners under watch: what lasts is told, what comes back is opened anew, what flickers is not told. */
import type { NetworkInterfaceInfo } from 'node:os'
import { instant, type ListenerDown } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClientListener } from '../../configuration/server-configuration.ts'
import type { ClientListenerEvents } from './client-listener.ts'
import { ClientListeners, type ListenerWorld } from './client-listeners.ts'
import { groundOf, type Interfaces } from './listener-ground.ts'

const eth0: ClientListener = { id: 'i', kind: 'interface', interfaceName: 'eth0', port: 547, replyTo: 'relay-port' }
const unicast = { id: 'u', kind: 'unicast', address: '2001:db8::547', port: 547, replyTo: 'relay-port' } as const

function six(address: string, more: { scopeid?: number; internal?: boolean } = {}): NetworkInterfaceInfo {
  const { scopeid = 0, internal = false } = more
  return { address, family: 'IPv6', scopeid, internal, netmask: 'ffff::', mac: '02:00:00:00:00:01', cidr: null }
}

const lo = { lo: [six('::1', { internal: true })] }
const up = (index = 4): Interfaces => ({ ...lo, eth0: [six('2001:db8::547'), six('fe80::1', { scopeid: index })] })

let interfaces: Interfaces
let exists: boolean
let openFails: Error | undefined
let journal: string[]
let sockets: ClientListenerEvents[]
let changes: (readonly ListenerDown[])[]
let listeners: ClientListeners

beforeEach(() => {
  interfaces = up()
  exists = true
  openFails = undefined
  journal = []
  sockets = []
  changes = []
})

afterEach(async () => listeners.close())

const world: ListenerWorld = {
  interfaces: () => interfaces,
  interfaceExists: () => exists,
  open: async ({ id }, _clock, events) => {
    if (openFails !== undefined) throw openFails
    journal.push(`open ${id}`)
    sockets.push(events)
    return {
      id,
      description: id,
      send: () => journal.push(`send ${id}`),
      close: async () => void journal.push(`close ${id}`),
    }
  },
}

async function watch(...watched: readonly ClientListener[]): Promise<void> {
  const events = {
    datagram: () => undefined,
    sendFailed: (detail: string) => void journal.push(`failed ${detail}`),
    changed: (down: readonly ListenerDown[]) => void changes.push(down),
  }
  listeners = new ClientListeners(watched, { now: () => instant(0) }, events, world)
  await listeners.open()
}

async function check(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await listeners.check()
}

describe('a listener whose interface goes down', () => {
  it('is told after two checks, closed, and opened anew and told again when the interface is back for a second', async () => {
    await watch(eth0)
    interfaces = lo
    await check(1)
    expect(changes).toEqual([])
    await check(1)
    expect(changes).toEqual([[{ listenerId: 'i', reason: expect.stringMatching(/^interface eth0 /u) as string }]])
    expect(journal).toEqual(['open i', 'close i'])
    await check(10)
    expect(changes).toHaveLength(1)
    interfaces = up()
    await check(3)
    expect(changes).toHaveLength(1)
    await check(1)
    expect(changes[1]).toEqual([])
    expect(journal).toEqual(['open i', 'close i', 'open i'])
  })

  it('for one check only is not told', async () => {
    await watch(eth0)
    for (let flicker = 0; flicker < 3; flicker += 1) {
      interfaces = lo
      await check(1)
      interfaces = up()
      await check(1)
    }
    expect(changes).toEqual([])
    expect(journal).toEqual(['open i'])
  })

  it('and comes back between two checks as another interface joins its group anew', async () => {
    await watch(eth0)
    interfaces = up(9)
    await check(2)
    expect(journal).toEqual(['open i', 'close i', 'open i'])
    expect(changes).toEqual([])
  })

  it('says why an answer could not be sent meanwhile', async () => {
    await watch(eth0)
    interfaces = lo
    await check(2)
    listeners.send({
      kind: 'send-datagram',
      listenerId: 'i',
      to: { address: 'fe80::9%eth0', port: 546 },
      bytes: new Uint8Array([7]),
      requestArrivedAt: instant(0),
    })
    expect(journal.at(-1)).toMatch(/^failed udp \[ff02::1:2%eth0\]:547: interface eth0 /u)
  })

  it('leaves the others as they are, and tells of all that are down', async () => {
    await watch(eth0, unicast)
    interfaces = { eth0: [six('fe80::1', { scopeid: 4 })] }
    await check(2)
    expect(changes.at(-1)?.map(({ listenerId }) => listenerId)).toEqual(['u'])
    interfaces = {}
    await check(2)
    expect(changes.at(-1)?.map(({ listenerId }) => listenerId)).toEqual(['i', 'u'])
  })
})

describe('a socket that breaks', () => {
  it('is opened anew at the next check; if that fails its listener is down, with the reason', async () => {
    await watch(unicast)
    sockets[0]?.broken('ENETDOWN')
    await check(1)
    expect(journal).toEqual(['open u', 'close u', 'open u'])
    sockets[1]?.broken('ENETDOWN')
    openFails = new Error('Cannot listen on u: another program listens there already.')
    await check(2)
    expect(changes).toEqual([
      [{ listenerId: 'u', reason: 'Cannot listen on u: another program listens there already' }],
    ])
    openFails = undefined
    await check(4)
    expect(changes.at(-1)).toEqual([])
  })
})

describe('at the start', () => {
  it('an interface that exists and is down is told at once, and opened when it comes up', async () => {
    interfaces = lo
    await watch(eth0)
    expect(changes).toHaveLength(1)
    expect(journal).toEqual([])
    interfaces = up()
    await check(4)
    expect(changes.at(-1)).toEqual([])
    expect(journal).toEqual(['open i'])
  })

  it('an interface that nobody has heard of is an error', async () => {
    interfaces = lo
    exists = false
    openFails = new Error('there is no interface eth0')
    await expect(watch(eth0)).rejects.toThrow('there is no interface eth0')
  })
})

describe('the ground of a listener', () => {
  const problemOf = (address: string, seen: Interfaces) => groundOf({ ...unicast, address }, seen).problem

  it('is its address, however it is written, on an interface that is up', () => {
    expect(problemOf('2001:0db8:0:0::547', up())).toBeUndefined()
    expect(problemOf('2001:db8::548', up())).toBe('no interface that is up has the address 2001:db8::548')
    expect(problemOf('::1', lo)).toBeUndefined()
  })

  it('is the interface that the zone names', () => {
    expect(problemOf('fe80::1%eth0', up())).toBeUndefined()
    expect(problemOf('fe80::1%eth1', up())).toBe('no interface that is up has the address fe80::1%eth1')
  })

  it('is any interface that leads out of the machine, for the unspecified address', () => {
    expect(problemOf('::', up())).toBeUndefined()
    expect(problemOf('::', lo)).toBe('no interface that leads out of this machine is up')
  })

  it('of an interface without an IPv6 address is missing', () => {
    const four = { eth0: [{ ...six('192.0.2.1'), family: 'IPv4' } as unknown as NetworkInterfaceInfo] }
    expect(groundOf(eth0, four).problem).toMatch(/^interface eth0 /u)
  })
})
