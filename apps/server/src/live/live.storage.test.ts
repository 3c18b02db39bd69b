/** The WebSocket as a console uses it: who gets in, what is resumed, who sees what. */
import { LiveCloseCode, LiveServerMessage } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

let api: ApiFixture
let open: Console[] = []
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(async () => {
  for (const each of open) each.socket.terminate()
  open = []
  await api.close()
})

interface Console {
  readonly socket: WebSocket
  readonly received: LiveServerMessage[]
  say(event: string, data: unknown): void
  /** The first message that fits, waited for. */
  until(fits: (message: LiveServerMessage) => boolean): Promise<LiveServerMessage>
}

const path = '/api/v1/live'
const wsUrl = (): string => api.url.replace('http', 'ws') + path

function connect(headers: Readonly<Record<string, string>>, url = wsUrl()): Console {
  const socket = new WebSocket(url, { headers })
  const received: LiveServerMessage[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (octets: Buffer) => {
    // Every message is one of the contract.
    received.push(LiveServerMessage.parse(JSON.parse(octets.toString())))
    for (const look of waiting) look()
  })
  socket.on('error', () => undefined)
  const console: Console = {
    socket,
    received,
    say: (event, data) => socket.send(JSON.stringify({ event, data })),
    until: async (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`never came; came: ${JSON.stringify(received)}`)), 4_000)
        const look = (): void => {
          const found = received.find(fits)
          if (found === undefined) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
  open.push(console)
  return console
}

async function answerTo(headers: Readonly<Record<string, string>>, url = wsUrl()): Promise<number> {
  const { socket } = connect(headers, url)
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
  })
}

async function signedIn(): Promise<string> {
  const token = String(api.log.find(({ id }) => id === 'SETUP_TOKEN')?.fields['token'])
  const response = await api.post('/api/v1/setup', { token, name: 'ada', password: 'correct horse battery' })
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
}

const bearer = async (role: string) => ({ authorization: `Bearer ${await api.token(role)}` })

const isEvent = (event: LiveServerMessage['event']) => (message: LiveServerMessage) => message.event === event
const isChange = (kind: string) => (message: LiveServerMessage) =>
  message.event === 'change' && message.data.change.kind === kind

async function helloOf(console: Console) {
  const hello = await console.until(isEvent('hello'))
  if (hello.event !== 'hello') throw new Error('not a hello')
  return hello.data
}

const leaseNotice = {
  kind: 'lease-changed',
  leaseKind: 'address',
  lease: '2001:db8:1::1',
  subnetId: '2001:db8:1::/64',
  clientDuid: '00:01',
  from: undefined,
  to: 'ACTIVE',
  expiresAt: undefined,
  cause: 'client',
} as const

describe('the upgrade', () => {
  it('is refused without a session, whatever the URL says', async () => {
    const token = await api.token('viewer')
    expect(await answerTo({})).toBe(401)
    expect(await answerTo({}, `${wsUrl()}?token=${token}&access_token=${token}`)).toBe(401)
  })

  it('is refused to a page of another site, although the browser sends the cookie', async () => {
    const cookie = await signedIn()
    expect(await answerTo({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await answerTo({ cookie, origin: `${api.url}0` })).toBe(403)
    expect(await answerTo({ cookie })).toBe(403)
    expect(await answerTo({ cookie, origin: api.url })).toBe(101)
  })

  it('is granted to an API token in the header', async () => {
    expect(await answerTo(await bearer('viewer'))).toBe(101)
  })
})

describe('a live connection', () => {
  it('greets, then shows everything as it is', async () => {
    const console = connect(await bearer('viewer'))
    expect(await helloOf(console)).toMatchObject({ serverName: 'beta', heartbeatSeconds: 15 })
    await console.until(isChange('relationship-changed'))
    await console.until(isChange('pools-changed'))
    await console.until(isChange('server-changed'))
  })

  it('tells the whole relationship when its state changes', async () => {
    const console = connect(await bearer('viewer'))
    await console.until(isChange('server-changed'))
    api.engine.show({ state: 'PARTNER-DOWN' })
    await console.until(
      ({ event, data }) =>
        event === 'change' &&
        data.change.kind === 'relationship-changed' &&
        data.change.relationship.state === 'partner-down' &&
        data.change.relationship.headline.sentence.includes('serves alone'),
    )
  })

  it('tells counts that move with every client no more than once a second', async () => {
    const console = connect(await bearer('viewer'))
    await console.until(isChange('server-changed'))
    const told = () => console.received.filter(isChange('relationship-changed')).length
    const before = told()
    const startedAt = performance.now()
    for (let owed = 10; performance.now() - startedAt < 2_500; owed += 1) {
      api.engine.show({ updatesOwed: owed })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const after = told() - before
    expect(after).toBeGreaterThanOrEqual(1)
    expect(after).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 1_000)
  })

  it('numbers what it says in ascending order', async () => {
    const console = connect(await bearer('viewer'))
    await console.until(isChange('server-changed'))
    api.engine.show({ updatesOwed: 9 })
    api.engine.tell(leaseNotice)
    await console.until(isChange('leases-summary'))
    const numbers = console.received.flatMap((message) => (message.event === 'change' ? [message.data.sequence] : []))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('sums lease changes up, and shows single leases only to those who ask', async () => {
    const row = {
      kind: 'address',
      address: Buffer.from('20010db8000100000000000000000001', 'hex'),
      length: 128,
      subnetId: '2001:db8:1::/64',
      relationship: 'main',
      status: 'ACTIVE',
      clientDuid: Buffer.from('00030001aabb', 'hex'),
      clientIaType: 'IA_NA',
      clientIaid: 1n,
      statusSince: 1n,
      t1Seconds: 30n,
      t2Seconds: 60n,
      preferredSeconds: 120n,
      validSeconds: 120n,
      owedToPartner: true,
      updateSent: false,
      commitNumber: 1n,
    }
    await api.database.prisma.binding.create({ data: row })
    const [quiet, curious] = [connect(await bearer('viewer')), connect(await bearer('viewer'))]
    await Promise.all([quiet, curious].map(async (console) => console.until(isEvent('hello'))))
    curious.say('subscribe', { singleLeases: true })
    await Promise.all([quiet, curious].map(async (console) => console.until(isChange('server-changed'))))
    api.engine.tell(leaseNotice)
    await curious.until(isChange('lease-changed'))
    const summary = await quiet.until(isChange('leases-summary'))
    expect(summary).toMatchObject({
      data: { change: { subnets: [{ subnetId: '2001:db8:1::/64', activated: '1', renewed: '0', ended: '0' }] } },
    })
    expect(quiet.received.some(isChange('lease-changed'))).toBe(false)
    curious.say('subscribe', { singleLeases: false })
    // What is refused is refused in order: the wish before it has been heard by then.
    curious.say('subscribe', {})
    await curious.until(isEvent('problem'))
    const told = (): number => curious.received.filter(isChange('lease-changed')).length
    const before = told()
    api.engine.tell(leaseNotice)
    // The sum comes after what it sums up.
    const sums = (): number => curious.received.filter(isChange('leases-summary')).length
    await expect.poll(sums, { timeout: 10_000 }).toBeGreaterThan(1)
    expect(told()).toBe(before)
  })

  it('shows the audit to administrators only', async () => {
    const cookie = await signedIn()
    const [small, great] = [connect(await bearer('operator')), connect(await bearer('administrator'))]
    await Promise.all([small, great].map(async (console) => console.until(isChange('server-changed'))))
    await api.post('/api/v1/api-tokens', { name: 'ci', role: 'viewer' }, { cookie })
    await great.until(
      ({ event, data }) => event === 'change' && data.change.kind === 'audit' && data.change.entry.target === 'ci',
    )
    expect(small.received.some(isChange('audit'))).toBe(false)
  })

  it('ends when its session ends', async () => {
    const cookie = await signedIn()
    const console = connect({ cookie, origin: api.url })
    await console.until(isEvent('hello'))
    const closed = new Promise((resolve) => console.socket.on('close', resolve))
    await fetch(`${api.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } })
    expect(await closed).toBe(LiveCloseCode.sessionEnded)
  })

  it('says what is wrong with a message that is not of the contract', async () => {
    const console = connect(await bearer('viewer'))
    await console.until(isEvent('hello'))
    console.say('resume', { from: 'the beginning' })
    await console.until(isEvent('problem'))
  })
})

describe('resuming', () => {
  it('sends what was missed, each thing as it is now, and then goes on', async () => {
    const first = connect(await bearer('viewer'))
    const { epoch } = await helloOf(first)
    const seen = await first.until(isChange('server-changed'))
    if (seen.event !== 'change') throw new Error('not a change')
    first.socket.terminate()
    api.engine.show({ state: 'NORMAL', communicationsOk: true })
    api.engine.show({ state: 'PARTNER-DOWN', communicationsOk: false })
    api.engine.tell(leaseNotice)
    const second = connect(await bearer('viewer'))
    await second.until(isEvent('hello'))
    second.say('resume', { epoch, fromSequence: seen.data.sequence })
    await second.until(isEvent('resumed'))
    await second.until(isChange('leases-summary'))
    const states = second.received.flatMap((message) =>
      message.event === 'change' && message.data.change.kind === 'relationship-changed'
        ? [message.data.change.relationship.state]
        : [],
    )
    expect(new Set(states)).toEqual(new Set(['partner-down']))
    expect(second.received.some(isEvent('refetch'))).toBe(false)
  })

  it('says to ask for everything again after a restart of the server, and goes on from now', async () => {
    const first = connect(await bearer('viewer'))
    const { epoch } = await helloOf(first)
    api = await api.restart()
    const second = connect(await bearer('viewer'))
    await second.until(isEvent('hello'))
    second.say('resume', { epoch, fromSequence: 1 })
    const refetch = await second.until(isEvent('refetch'))
    expect(refetch).toMatchObject({ data: { reason: 'the server has been started since' } })
    api.engine.show({ updatesOwed: 77 })
    await second.until(
      ({ event, data }) =>
        event === 'change' &&
        data.change.kind === 'relationship-changed' &&
        data.change.relationship.updatesOwed === '77',
    )
  })
})
