/** All sockets for clients of this server, found by the listener's id. */
import type { SendDatagram } from '@tandem/engine'
import type { ClientListener } from '../../configuration/server-configuration.ts'
import type { Clock } from '../../engine/steady-clock.ts'
import { openClientListener, type ClientListenerEvents, type OpenClientListener } from './client-listener.ts'

export interface ClientListeners {
  readonly descriptions: readonly string[]
  send(output: SendDatagram): void
  close(): Promise<void>
}

export async function openClientListeners(
  listeners: readonly ClientListener[],
  clock: Clock,
  events: ClientListenerEvents,
): Promise<ClientListeners> {
  const open = new Map<string, OpenClientListener>()
  try {
    for (const listener of listeners) open.set(listener.id, await openClientListener(listener, clock, events))
  } catch (error) {
    await closeAll(open)
    throw error
  }
  return {
    descriptions: [...open.values()].map((listener) => listener.description),
    send(output) {
      const listener = open.get(output.listenerId)
      if (listener === undefined) throw new Error(`there is no listener ${output.listenerId}`)
      listener.send(output.to, output.bytes)
    },
    close: () => closeAll(open),
  }
}

async function closeAll(open: ReadonlyMap<string, OpenClientListener>): Promise<void> {
  await Promise.all([...open.values()].map((listener) => listener.close()))
}
