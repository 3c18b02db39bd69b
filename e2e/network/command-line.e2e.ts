/** `tandem ctl` against two real servers: it says how they are, declares one down, and its watch misses no change of state while servers die. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { startProgram, type RunningProgram } from '../topology/program.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

let pair: LoopbackPair | undefined
let watching: RunningProgram | undefined
let passed = false

afterAll(async () => {
  watching?.kill('SIGKILL')
  await pair?.end()
  if (passed) pair?.remove()
  else console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
})

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function environmentOf(server: LoopbackServer): Promise<Readonly<Record<string, string>>> {
  return { TANDEM_URL: server.url, TANDEM_TOKEN: await server.token() }
}

async function ctl(server: LoopbackServer, ...args: readonly string[]): Promise<Said> {
  const env = { ...process.env, ...(await environmentOf(server)) }
  return new Promise((resolve) => {
    execFile(tandemProgram, ['ctl', ...args], { env, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

interface Step {
  readonly id: string
  readonly from: string
  readonly to: string
}

function stepsIn(lines: string): readonly Step[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Step)
}

const inOrder = (steps: readonly Step[]) => steps.map(({ id, from, to }) => `${id} ${from} -> ${to}`)

/** Oldest first. */
async function historyOf(server: LoopbackServer): Promise<readonly Step[]> {
  const { out } = await ctl(server, 'transitions', RELATIONSHIP, '--limit', '500', '-o', 'jsonl')
  return stepsIn(out).toReversed()
}

test('a pair is asked, one server is declared down, and every change of state is seen over two deaths', async () => {
  pair = await makeLoopbackPair({
    name: 'command-line',
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
  })
  const { alpha, beta } = pair
  await pair.start()
  await pair.untilNormal(60_000)
  for (const server of [alpha, beta]) {
    expect(await ctl(server, 'status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('serve as one') as string,
    })
  }

  const before = await historyOf(beta)
  const lastId = before.at(-1)?.id ?? '0'
  watching = startProgram({
    command: [tandemProgram, 'ctl', 'transitions', RELATIONSHIP, '--watch', '--since', lastId, '-o', 'json'],
    logFile: join(pair.folder, 'watch.log'),
    environment: await environmentOf(beta),
  })
  const watch = watching
  const seen = () => stepsIn(watch.output())

  await alpha.kill()
  await pair.untilState('beta', ['communications-interrupted'], 30_000)
  await waitUntil('the watch has seen the loss of contact', 30_000, () => seen().length > 0)
  expect((await ctl(beta, 'status')).code, 'degraded').toBe(10)
  expect((await ctl(alpha, 'status')).code, 'not reached').toBe(2)
  const declare = ['partner-down', RELATIONSHIP, '--reason', 'the test has killed it', '-o', 'json']
  expect((await ctl(beta, ...declare)).code, 'nobody confirms it').toBe(1)
  const declared = await ctl(beta, ...declare, '--yes', '--idempotency-key', 'the-test-has-killed-it')
  expect([declared.code, JSON.parse(declared.out)]).toMatchObject([0, { state: 'partner-down' }])
  const again = await ctl(
    beta,
    ...declare,
    '--yes',
    '--idempotency-key',
    'the-test-has-killed-it',
    '--seen-state',
    'communications-interrupted',
  )
  expect(again, 'the same command once more').toMatchObject({ code: 0, out: declared.out })

  // The one that is watched dies too, and comes back to another life of its stream.
  await beta.kill()
  await Promise.all([alpha.start(), beta.start()])
  await pair.untilNormal(120_000)
  const history = await historyOf(beta)
  expect(history.length - before.length, 'there, down, and back').toBeGreaterThanOrEqual(3)
  const expected = inOrder(history.slice(before.length))
  await waitUntil('the watch has seen everything', 60_000, () => seen().length >= expected.length)
  expect(inOrder(seen())).toEqual(expected)
  passed = true
})
