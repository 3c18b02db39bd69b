/** The simulated TCP: in order, silent when cut, and honest about a process that ended. */
import { describe, expect, it } from 'vitest'
import { Schedule } from './schedule.ts'
import { StreamNetwork, type StreamProcess } from './stream-network.ts'
import { WORLD_START } from './world.ts'

class Listener implements StreamProcess {
  readonly heard: string[] = []
  connection = 0

  opened(connection: number, direction: string): void {
    this.connection = connection
    this.heard.push(direction)
  }

  dialFailed(_relationship: string, reason: string): void {
    this.heard.push(`failed: ${reason}`)
  }

  secured(): void {
    this.heard.push('secured')
  }

  frame(_connection: number, bytes: Uint8Array): void {
    this.heard.push(`frame ${bytes.join(',')}`)
  }

  closed(_connection: number, reason: string): void {
    this.heard.push(`closed: ${reason}`)
  }
}

function connected() {
  const schedule = new Schedule(WORLD_START)
  const network = new StreamNetwork(schedule)
  const [a, b] = [new Listener(), new Listener()]
  network.attach('a', a)
  network.attach('b', b)
  network.dial('a', 'b', 'pair')
  const run = (ms: number): void => {
    const until = schedule.now + ms
    while (schedule.step(until));
    schedule.passTo(until)
  }
  run(10)
  a.heard.length = 0
  b.heard.length = 0
  return { network, a, b, run }
}

describe('a connection', () => {
  it('keeps its order although it becomes faster', () => {
    const { network, a, b, run } = connected()
    network.latencyMs = 500
    network.send('a', a.connection, Uint8Array.of(1))
    network.latencyMs = 1
    network.send('a', a.connection, Uint8Array.of(2))
    network.close('a', a.connection, 'done')
    run(1000)
    expect(b.heard).toEqual(['frame 1', 'frame 2', 'closed: closed by the peer: done'])
    expect(a.heard).toEqual([])
  })

  it('holds what is sent while it is cut, also what was on its way', () => {
    const { network, a, b, run } = connected()
    network.send('a', a.connection, Uint8Array.of(1))
    network.cut()
    network.send('a', a.connection, Uint8Array.of(2))
    run(60_000)
    expect(b.heard).toEqual([])
    network.mend()
    run(10)
    expect(b.heard).toEqual(['frame 1', 'frame 2'])
  })

  it('ends for the peer of a process that ended, and only once', () => {
    const { network, a, b, run } = connected()
    network.detach('a')
    run(10)
    network.send('b', b.connection, Uint8Array.of(3))
    network.detach('b')
    run(10)
    expect(b.heard).toEqual(['closed: the process of the peer ended'])
    expect(a.heard).toEqual([])
  })

  it('never sends what a destroyed machine still held', () => {
    const { network, a, b, run } = connected()
    network.cut()
    network.send('a', a.connection, Uint8Array.of(1))
    network.destroy('a')
    network.mend()
    run(10)
    expect(b.heard).toEqual(['closed: the process of the peer ended'])
  })

  it('is secured only when both ask', () => {
    const { network, a, b, run } = connected()
    network.secure('a', a.connection)
    run(10)
    expect(a.heard).toEqual([])
    network.secure('b', b.connection)
    run(10)
    expect([a.heard, b.heard]).toEqual([['secured'], ['secured']])
  })
})

describe('a dial', () => {
  it('is refused where no process listens, and times out where the wire is cut', () => {
    const { network, a, run } = connected()
    network.detach('b')
    run(10)
    a.heard.length = 0
    network.dial('a', 'b', 'pair')
    run(10)
    network.cut()
    network.dial('a', 'b', 'pair')
    run(2000)
    expect(a.heard).toEqual(['failed: connection refused', 'failed: timed out'])
  })
})
