/** Both sides of the private channel in one process, over real sockets with certificates of two authorities. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { readFileSync } from 'node:fs'
import { COMPARED_LEASES_MAX, PoolList } from '@tandem/api-contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TlsFiles } from '../configuration/server-configuration.ts'
import { PartnerSides } from '../transport/test-support/partner-sides.ts'
import { ChannelStatus, pathOf, type Question } from './channel-contract.ts'
import { ChannelListener } from './channel-listener.ts'
import { HashedLeases } from './lease-hashes.ts'
import { PartnerQuestions } from './partner-questions.ts'
import { lineIds, LogLines, sourceOf } from './test-support/channel-parts.ts'

const sides = new PartnerSides()
const { tlsFiles } = sides
const endings: (() => unknown)[] = []
beforeAll(() => sides.makeFiles())
afterAll(() => sides.removeFiles())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const channelTo = (port: number) => ({
  localAddress: '::1',
  localPort: 0,
  partnerAddress: '::1',
  partnerPort: port,
  sharesAccounts: false,
})

/** alpha answers for the relationship `pair` with beta, and for `other` with gamma. */
async function alphaAnswers(log = new LogLines()) {
  const link = (relationship: string, accepted: string) => ({
    relationship,
    channel: channelTo(0),
    tls: tlsFiles('alpha', accepted),
  })
  const links = [link('pair', 'beta'), link('other', 'gamma')]
  const listener = new ChannelListener(links, sourceOf('alpha'), log, Date.now)
  await listener.start()
  endings.push(() => listener.stop())
  return { listener, log, port: listener.port ?? 0 }
}

function asker(port: number, files: TlsFiles = tlsFiles('beta', 'alpha'), withinMs?: number) {
  const limit = withinMs === undefined ? {} : { withinMs }
  const questions = new PartnerQuestions({ channel: channelTo(port), tls: files, clock: Date.now, ...limit })
  endings.push(() => questions.close())
  return (question: Question) => questions.ask(pathOf(question))
}

/** Whatever a test wants to stand at the partner's address. */
async function standsThere(serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  endings.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

/** A partner with the right certificate that answers each request with these octets. */
async function partnerSays(octets: string, end = true): Promise<number> {
  const { certificateFile, keyFile, authorityFile } = tlsFiles('alpha', 'beta')
  const server = tls.createServer({
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    ca: readFileSync(authorityFile),
    requestCert: true,
  })
  const open = new Set<Socket>()
  server.on('secureConnection', (stream) => {
    open.add(stream)
    stream.on('error', () => undefined)
    stream.on('data', () => (end ? stream.end(octets) : stream.write(octets)))
  })
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  endings.push(() => {
    for (const stream of open) stream.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const status = { relationship: 'pair', kind: 'status' } as const

describe('a partner with its certificate', () => {
  test('is told status, timeline, pools and one lease, as the contract has them', async () => {
    const { port } = await alphaAnswers()
    const ask = asker(port)
    const asked = await ask(status)
    expect(asked.kind).toBe('answered')
    const told = ChannelStatus.parse(asked.kind === 'answered' ? asked.body : undefined)
    expect(told).toMatchObject({ server: { name: 'alpha' }, relationship: { name: 'pair', state: 'normal' } })
    expect(await ask({ relationship: 'pair', kind: 'timeline', fromMs: 0, toMs: 1, limit: 5 })).toMatchObject({
      body: { stateBefore: 'normal' },
    })
    const pools = await ask({ relationship: 'pair', kind: 'pools' })
    expect(() => PoolList.parse(pools.kind === 'answered' ? pools.body : undefined)).not.toThrow()
    expect(await ask({ relationship: 'pair', kind: 'lease', lease: '2001:db8::/56' })).toMatchObject({
      body: { lease: '2001:db8::/56' },
    })
  })

  test('is told hashes of as many leases as a page shows, and of no more', async () => {
    const { port } = await alphaAnswers()
    const ask = asker(port)
    // As long as an address can be written: all of them fit into the head of one question.
    const longest = Array.from(
      { length: COMPARED_LEASES_MAX },
      (_, index) => `2001:0db8:aaaa:bbbb:cccc:dddd:eeee:${(0x1000 + index).toString(16)}`,
    )
    const keys = [...longest.slice(1), '2001:db8::-56']
    const asked = await ask({ relationship: 'pair', kind: 'lease-hashes', keys })
    expect(asked).toMatchObject({ kind: 'answered', body: { items: [{ key: '2001:db8::-56' }] } })
    expect(() => HashedLeases.parse(asked.kind === 'answered' ? asked.body : undefined)).not.toThrow()
    const tooMany = [...longest, '2001:db8::1']
    expect(await ask({ relationship: 'pair', kind: 'lease-hashes', keys: tooMany })).toMatchObject({ status: 404 })
  })

  test('keeps one connection for many questions, and makes another when it was closed meanwhile', async () => {
    const log = new LogLines()
    const { listener, port } = await alphaAnswers(log)
    const ask = asker(port)
    await ask(status)
    await listener.stop()
    const again = new ChannelListener(
      [{ relationship: 'pair', channel: { ...channelTo(0), localPort: port }, tls: tlsFiles('alpha', 'beta') }],
      sourceOf('alpha'),
      log,
      Date.now,
    )
    await again.start()
    endings.push(() => again.stop())
    expect(await ask(status)).toMatchObject({ kind: 'answered' })
    expect(lineIds(log)).toEqual(['CHANNEL_LISTENING', 'CHANNEL_LISTENING'])
  })

  test('is refused what belongs to another relationship, and what is not asked here', async () => {
    const { port } = await alphaAnswers()
    const ask = asker(port)
    expect(await ask({ relationship: 'other', kind: 'status' })).toMatchObject({
      kind: 'unusable',
      status: 403,
      problem: 'it refuses the question: beta is not the partner of other',
    })
    expect(await ask({ relationship: 'none', kind: 'status' })).toMatchObject({ kind: 'unusable', status: 404 })
    expect(await ask({ relationship: 'pair', kind: 'lease', lease: '2001:db8::1' })).toMatchObject({ status: 404 })
    const questions = new PartnerQuestions({
      channel: channelTo(port),
      tls: tlsFiles('beta', 'alpha'),
      clock: Date.now,
    })
    endings.push(() => questions.close())
    for (const path of ['/', '/channel/v1/relationships/', '/channel/v1/relationships/pair/audit', '/api/v1/server']) {
      expect(await questions.ask(path)).toMatchObject({ kind: 'unusable', status: 404 })
    }
  })
})

describe('a wrong certificate', () => {
  test.each([
    [
      'of another authority',
      () => tlsFiles('beta', 'alpha', 'theirs'),
      /not of the authority that is configured here/u,
    ],
    ['of another name', () => tlsFiles('alpha', 'alpha'), /for alpha; accepted are beta, gamma/u],
  ])('%s is turned away before anything is read, and that is said', async (_what, files, says) => {
    const { port, log } = await alphaAnswers()
    // Who is asked is not what is tested here: the asker accepts the answerer's authority.
    const own = { ...files(), authorityFile: tlsFiles('beta', 'alpha').authorityFile }
    expect(await asker(port, own)(status)).toMatchObject({ kind: 'unusable' })
    expect(lineIds(log)).toContain('CHANNEL_CALLER_REFUSED')
    expect(log.lines.find(({ id }) => id === 'CHANNEL_CALLER_REFUSED')?.message).toMatch(says)
  })

  test('of the one who is asked is not believed', async () => {
    const { port } = await alphaAnswers()
    expect(await asker(port, tlsFiles('beta', 'gamma'))(status)).toEqual({
      kind: 'unusable',
      problem: "TLS: the partner's certificate is for alpha; accepted are gamma",
    })
  })

  test('is not even needed to be turned away: a caller without TLS gets nothing', async () => {
    const { port, log } = await alphaAnswers()
    const answer = await fetch(`http://[::1]:${port}/channel/v1/relationships/pair`).catch(() => 'nothing')
    expect(answer).toBe('nothing')
    expect(lineIds(log)).toContain('CHANNEL_CALLER_REFUSED')
  })
})

describe('a partner that', () => {
  test('is not there is silent', async () => {
    const port = await standsThere(() => undefined)
    await endings.pop()?.()
    expect(await asker(port)(status)).toEqual({ kind: 'silent', problem: expect.stringContaining('ECONNREFUSED') })
  })

  test('takes the connection and says nothing is silent after the time limit', async () => {
    const port = await standsThere((socket) => endings.push(() => socket.destroy()))
    expect(await asker(port, undefined, 300)(status)).toEqual({ kind: 'silent', problem: 'no answer within 0.3 s' })
  })

  test('answers too slowly is silent after the time limit', async () => {
    const port = await partnerSays('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"server"', false)
    const asked = await asker(port, undefined, 700)(status)
    expect(asked).toEqual({ kind: 'silent', problem: 'no answer within 0.7 s' })
  })

  test.each([
    ['is no TLS server', 'HTTP/1.1 200 OK\r\n\r\n', /^TLS: /u],
    ['hangs up at once', '', /^TLS: .*(closed|disconnected)/u],
  ])('%s cannot be used', async (_what, octets, says) => {
    const port = await standsThere((socket) => {
      socket.on('error', () => undefined)
      socket.resume()
      socket.end(octets)
    })
    expect(await asker(port)(status)).toEqual({ kind: 'unusable', problem: expect.stringMatching(says) })
  })

  test.each([
    ['speaks no HTTP', 'hello\r\n\r\n', /does not speak HTTP/u],
    ['hangs up after the question', '', /closed the connection without an answer/u],
    ['says no JSON', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n<html', /is not JSON/u],
    ['ends in the middle', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{', /ends in the middle/u],
    ['never ends', `HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n"${'a'.repeat(400_000)}`, /is too long/u],
    [
      'refuses with letters that steer a terminal',
      'HTTP/1.1 403 No\r\ncontent-length: 23\r\n\r\n{"problem":"no\\u001b[2J"}'.replace('23', '25'),
      /^it refuses the question: no\?\[2J$/u,
    ],
  ])('%s cannot be used', async (_what, octets, says) => {
    const port = await partnerSays(octets)
    const asked = await asker(port)(status)
    expect(asked).toMatchObject({ kind: 'unusable', problem: expect.stringMatching(says) })
  })
})

test('an address that is taken is tried again and does not keep the server from starting', async () => {
  const port = await standsThere(() => undefined)
  const log = new LogLines()
  const links = [
    { relationship: 'pair', channel: { ...channelTo(0), localPort: port }, tls: tlsFiles('alpha', 'beta') },
  ]
  const listener = new ChannelListener(links, sourceOf('alpha'), log, Date.now)
  await listener.start()
  endings.push(() => listener.stop())
  expect(listener.problem).toContain('EADDRINUSE')
  expect(lineIds(log)).toEqual(['CHANNEL_LISTENER_DOWN'])
})

test('what cannot be read while the database is away is refused in words, and is no bug; a sign-in code is asked with POST only', async () => {
  const log = new LogLines()
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const source = { ...sourceOf('alpha'), accounts: () => Promise.reject(away) }
  const channel = { ...channelTo(0), sharesAccounts: true }
  const link = { relationship: 'pair', channel, tls: tlsFiles('alpha', 'beta') }
  const listener = new ChannelListener([link], source, log, Date.now)
  await listener.start()
  endings.push(() => listener.stop())
  const ask = asker(listener.port ?? 0)
  expect(await ask({ relationship: 'pair', kind: 'accounts', digest: 'none' })).toMatchObject({
    kind: 'unusable',
    status: 503,
    problem: expect.stringContaining('The storage of this server fails') as string,
  })
  expect(lineIds(log)).toEqual(['CHANNEL_LISTENING'])
  expect(await ask({ relationship: 'pair', kind: 'sign-in-code', hash: 'ab' })).toMatchObject({ status: 405 })
})
