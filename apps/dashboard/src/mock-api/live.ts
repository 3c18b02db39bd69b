/** The WebSocket of the mock: greets, resumes by asking to refetch, and tells what the world tells. */
import { LIVE_PATH, LiveClientMessage } from '@tandem/api-contract'
import type { LiveServerMessage } from '@tandem/api-contract'
import { ws } from 'msw/ws'
import type { WebSocketHandler } from 'msw/ws'
import type { MockWorld } from './world.ts'

const STEP_MS = 3000
const HEARTBEAT_SECONDS = 5

export function liveHandlerOf(world: MockWorld): WebSocketHandler {
  const live = ws.link(`ws://${location.host}${LIVE_PATH}`)
  let sequence = 0
  if (world.scenario !== 'empty' && world.scenario !== 'error') setInterval(() => world.step(), STEP_MS)
  return live.addEventListener('connection', ({ client }) => {
    const say = (message: LiveServerMessage): void => client.send(JSON.stringify(message))
    if (sessionStorage.getItem('tandem-mock-lost') !== null) {
      client.close(1001)
      return
    }
    say({
      event: 'hello',
      data: { epoch: 'mock', sequence, serverName: 'alpha', heartbeatSeconds: HEARTBEAT_SECONDS },
    })
    let singleLeases = false
    const stop = world.listen((change) => {
      if (change.kind === 'lease-changed' && !singleLeases) return
      sequence += 1
      const at = new Date().toISOString()
      say({ event: 'change', data: { epoch: 'mock', sequence, at, commitNumber: String(sequence), change } })
    })
    const beat = setInterval(() => {
      if (sessionStorage.getItem('tandem-mock-lost') !== null) client.close(1001)
      else say({ event: 'heartbeat', data: { at: new Date().toISOString(), sequence } })
    }, HEARTBEAT_SECONDS * 1000)
    client.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return
      const heard = LiveClientMessage.parse(JSON.parse(data))
      if (heard.event === 'subscribe') {
        singleLeases = heard.data.singleLeases
        return
      }
      say({ event: 'refetch', data: { epoch: 'mock', sequence, reason: 'the mock keeps no history' } })
    })
    client.addEventListener('close', () => {
      stop()
      clearInterval(beat)
    })
  })
}
