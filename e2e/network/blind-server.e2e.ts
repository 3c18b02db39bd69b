/** A primary that has lost the link of its clients, and not the one to its partner: the secondary answers new clients at once. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeDatagram, duidFromHex, encodeDatagram, makeDuidLl, MessageType, type Duid } from '@tandem/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { clientMessage, readAnswer } from '../loopback-pair/client-message.ts'
import { nearSubnet } from '../topology/client-links.ts'
import { buildFailoverLinks, type FailoverLinks } from '../topology/failover-links.ts'
import type { Namespace } from '../topology/namespaces.ts'
import { RELATIONSHIP, serverNames, writePairConfiguration, type ServerName } from '../topology/pair-configuration.ts'
import { startTandemServer, type TandemServer } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

/** From the loss of the link to the first answer of the other server. */
const ANSWERED_WITHIN_MS = 2000
const ASK_EVERY_MS = 50

const program = join(import.meta.dirname, '..', 'topology', 'stand-in-client.ts')
const folder = mkdtempSync(join(tmpdir(), 'tandem-blind-'))
const servers = new Map<ServerName, TandemServer>()
const duids = new Map<Duid, ServerName>()
let links: FailoverLinks
let crowd: Crowd | undefined
let hasFailed = false

beforeAll(async () => {
  links = buildFailoverLinks()
  const place = (letter: string) => ({
    interfaces: ['lan'],
    apiListen: '127.0.0.1:8067',
    failover: `[2001:db8:ff::${letter}]:647`,
  })
  const files = writePairConfiguration(folder, {
    alpha: place('a'),
    beta: place('b'),
    subnets: [nearSubnet],
    transport: 'insecure',
    lifetimes: { valid: '1h', preferred: '1h', t1: 0.5, t2: 0.8 },
  })
  for (const name of serverNames) {
    const logFile = join(folder, `${name}.log`)
    const server = await startTandemServer({ configurationFile: files[name], logFile, namespace: links[name] })
    servers.set(name, server)
    const { duid } = await server.api.getServer()
    duids.set(duidOf(duid), name)
  }
  await untilNormal()
  crowd = await Crowd.start(links.addClient('crowd'))
})

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    hasFailed = true
    console.log(`logs in ${folder}`)
  })
})

afterAll(async () => {
  crowd?.stop()
  await Promise.all([...servers.values()].map((server) => server.program.stop()))
  links.remove()
  if (!hasFailed) rmSync(folder, { recursive: true, force: true })
})

test('while both links stand, the primary answers new clients and the secondary leaves them to it', async () => {
  const answers = await askFor(2000)
  expect(answers.length).toBeGreaterThan(5)
  expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['alpha']))
})

test('when the link of its clients goes down, new clients are answered by the secondary within 2 s', async () => {
  links.alpha.run('ip', 'link', 'set', 'dev', 'lan', 'down')
  const downAtMs = Date.now()
  const answers = (await askFor(6000)).filter(({ by }) => by === 'beta')
  const afterMs = (answers[0]?.atMs ?? Number.POSITIVE_INFINITY) - downAtMs
  console.log(`the secondary answered ${afterMs} ms after the link went down, ${answers.length} clients in 6 s`)
  expect(afterMs).toBeLessThan(ANSWERED_WITHIN_MS)
  // Not once by chance: from then on it serves.
  expect(answers.length).toBeGreaterThan(20)
  expect(await stateOf('beta')).toBe('communications-interrupted')
})

test('when the link is back, both return to NORMAL and the primary answers again', async () => {
  links.alpha.run('ip', 'link', 'set', 'dev', 'lan', 'up')
  await untilNormal()
  const answers = await askFor(2000)
  expect(answers.length).toBeGreaterThan(5)
  expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['alpha']))
})

interface Answered {
  readonly by: ServerName
  readonly atMs: number
}

/** New clients, one after the other, for so long; ADVERTISEs that they got, in order. */
async function askFor(milliseconds: number): Promise<readonly Answered[]> {
  if (crowd === undefined) throw new Error('there are no clients')
  const endsAtMs = Date.now() + milliseconds
  const from = crowd.answers.length
  while (Date.now() < endsAtMs) {
    crowd.solicit()
    await delay(ASK_EVERY_MS)
  }
  await delay(300)
  return crowd.answers.slice(from)
}

class Crowd {
  readonly answers: Answered[] = []
  readonly #mouth: ChildProcess
  #asked = 0
  #isReady = false

  private constructor(namespace: Namespace) {
    const [command = '', ...args] = namespace.inside('setpriv', '--pdeathsig', 'KILL', process.execPath, program, 'v0')
    this.#mouth = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    if (this.#mouth.stdout === null) throw new Error('the clients cannot be heard')
    createInterface({ input: this.#mouth.stdout }).on('line', (line) => this.#heard(line))
  }

  static async start(namespace: Namespace): Promise<Crowd> {
    const made = new Crowd(namespace)
    await waitUntil('the clients can speak', 10_000, () => made.#isReady)
    return made
  }

  /** Of a client that was never heard before. */
  solicit(): void {
    this.#asked += 1
    const client = makeDuidLl(1, Uint8Array.of(2, 0, 0, 0x2b, this.#asked >> 8, this.#asked & 0xff))
    const transactionId = this.#asked
    const wish = { transactionId, client, server: undefined, wantsPrefix: false, leases: [] }
    const bytes = encodeDatagram(clientMessage({ name: 'solicit', ...wish }))
    this.#mouth.stdin?.write(`${Buffer.from(bytes).toString('hex')}\n`)
  }

  stop(): void {
    this.#mouth.kill('SIGTERM')
  }

  #heard(line: string): void {
    if (line === 'ready') {
      this.#isReady = true
      return
    }
    const [atMs = '', hex = ''] = line.split(' ')
    const decoded = decodeDatagram(Buffer.from(hex, 'hex'))
    if (!decoded.ok || decoded.value.kind !== 'client-server') return
    const answer = readAnswer(decoded.value)
    const by = answer === undefined ? undefined : duids.get(answer.server)
    if (by === undefined || answer?.type !== MessageType.Advertise || answer.grants.length === 0) return
    this.answers.push({ by, atMs: Number(atMs) })
  }
}

async function stateOf(name: ServerName): Promise<string> {
  const server = servers.get(name)
  if (server === undefined) throw new Error(`${name} was not started`)
  return (await server.api.getRelationship({ params: { name: RELATIONSHIP } })).state
}

async function untilNormal(): Promise<void> {
  await waitUntil('both in NORMAL', 60_000, async () => {
    const states = await Promise.all(serverNames.map(stateOf))
    if (states.every((state) => state === 'normal')) return true
    throw new Error(states.join(' and '))
  })
}

function duidOf(hex: string): Duid {
  const duid = duidFromHex(hex.replaceAll(':', ''))
  if (duid === undefined) throw new Error(`${hex} is no DUID`)
  return duid
}
