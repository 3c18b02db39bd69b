/** `tandem ctl` as a script meets it: a process against a running server, its words, its JSON and its exit code. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll } from '../../storage/test-support/fixtures.ts'
import { noCommands } from '../../http/test-support/no-commands.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let api: ApiFixture
let running: ChildProcessByStdio<null, Readable, Readable>[] = []
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running = []
  await api.close()
})

interface Run {
  readonly out: () => string
  readonly err: () => string
  readonly ended: Promise<number | null>
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): Run {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', MAIN, 'ctl', ...args], {
    env: { PATH: process.env['PATH'], HOME: api.folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { out: () => out, err: () => err, ended }
}

/** With a token in the environment. */
async function asRole(role: string, ...args: readonly string[]) {
  return finished(start(args, { TANDEM_URL: api.url, TANDEM_TOKEN: await api.token(role) }))
}

async function finished(run: Run) {
  const code = await run.ended
  return { code, out: run.out(), err: run.err() }
}

async function commitBindings(...numbers: readonly number[]): Promise<void> {
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  const changes = numbers.map((number) => ({
    kind: 'binding-put' as const,
    binding: { ...fullBinding(number), ...(number === 1 ? { status: 'ABANDONED' as const } : {}) },
  }))
  await store.commit(commitOf(1, changes))
  await store.close()
}

describe('lease-events', () => {
  it('are listed from a position on, and followed over what comes later', async () => {
    const { storageUrl } = api.options.configuration.node
    const commit = async (number: number): Promise<void> => {
      const store = await openWorkerStore(storageUrl, keepAll)
      const binding = fullBinding(number)
      const leaseEvents = [{ event: 'assigned', reason: 'client', atMs: Date.now(), binding }] as const
      await store.commit(commitOf(number, [{ kind: 'binding-put', binding }], { leaseEvents }))
      await store.close()
    }
    await commit(1)
    const shown = await asRole('viewer', 'lease-events')
    expect(shown).toMatchObject({ code: 0 })
    expect(shown.out).toMatch(/assigned {2}2001:db8::1 {2}00:03:00:01/)
    const position = /--after (\S+)/.exec(shown.err)?.[1] ?? expect.unreachable(shown.err)
    const environment = { TANDEM_URL: api.url, TANDEM_TOKEN: await api.token('viewer') }
    const following = start(['lease-events', '--follow', '--after', position, '-o', 'jsonl'], environment)
    await commit(2)
    await expect.poll(following.out, { timeout: 15_000 }).toContain('"lease":"2001:db8::2"')
    expect(following.out()).not.toContain('"lease":"2001:db8::1"')
    expect(await asRole('viewer', 'lease-events', '--after', '00000000-1')).toMatchObject({ code: 5 })
  })
})

describe('status', () => {
  it('says in words how things are, and its exit code says how bad', async () => {
    const degraded = await asRole('viewer', 'status')
    expect(degraded).toMatchObject({ code: 10, err: '' })
    expect(degraded.out).toMatch(/^beta: Degraded — /)
    expect(degraded.out).toMatch(
      /this server {2}secondary, COMMUNICATIONS-INTERRUPTED since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/,
    )
    api.engine.show({ state: 'NORMAL', communicationsOk: true, connection: established })
    expect((await asRole('viewer', 'status')).code).toBe(0)
  })

  it('is what the API has, as JSON', async () => {
    const { out } = await asRole('viewer', 'status', '-o', 'json')
    expect(JSON.parse(out)).toMatchObject({
      server: { name: 'beta', headline: { level: 'degraded' } },
      relationships: [{ name: 'main', state: 'communications-interrupted' }],
    })
  })

  it('is printed again when it changes, until the token is revoked', async () => {
    const token = await api.token('viewer')
    const watching = start(['status', '--watch', '-o', 'json'], { TANDEM_URL: api.url, TANDEM_TOKEN: token })
    const states = () =>
      watching
        .out()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { relationships: { state: string }[] }).relationships[0]?.state)
    await expect.poll(states, { timeout: 20_000 }).toEqual(['communications-interrupted'])
    await expect.poll(() => watching.out().length > 0, { timeout: 20_000 }).toBe(true)
    api.engine.show({ state: 'PARTNER-DOWN', partnerDownSince: instant(Date.now()) })
    await expect.poll(() => states().at(-1), { timeout: 20_000 }).toBe('partner-down')
    const list = await api.get('/api/v1/api-tokens', await api.token('administrator'))
    const { items } = (await list.json()) as { items: { id: string; role: string; lastUsedAt: string | null }[] }
    const used = items.find(({ role, lastUsedAt }) => role === 'viewer' && lastUsedAt !== null)
    await fetch(`${api.url}/api/v1/api-tokens/${used?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await api.token('administrator')}` },
    })
    expect(await watching.ended).toBe(3)
    expect(watching.err()).toContain('good no more')
  })
})

const established = { phase: 'established', since: instant(1), secured: true, lastProblem: undefined } as const

describe('pools', () => {
  it('are a table, with counts beyond 2^53, and filtered by the server', async () => {
    const { code, out } = await asRole('viewer', 'pools')
    const [heads = '', first = ''] = out.split('\n')
    expect(code).toBe(0)
    expect(heads).toMatch(/^SUBNET +POOL +TOTAL +LEASED.* RUNS OUT +DRAINED$/)
    expect(first).toMatch(/not known yet +-$/)
    expect(first).toContain('18446744073709551616')
    expect((await asRole('viewer', 'pools', '--kind', 'prefix')).out).toBe('No pools.\n')
    expect((await asRole('viewer', 'pools', '--kind', 'both')).code).toBe(1)
  })

  it('are drained by the word of an operator, and give leases again', async () => {
    const pool = '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff'
    const drained = await asRole('operator', 'pools', 'drain', pool, '--reason', 'another prefix')
    expect(drained).toMatchObject({ code: 0, err: '' })
    expect(drained.out).toMatch(/ is being drained: 2 left, empty by \d{4}-.* Reserved leases stay: 1 in use\.\n/)
    expect(drained.out).toContain('What the partner does is not known. Give it the same command')
    expect((await asRole('viewer', 'pools')).out).toMatch(/gives none now +2 left, empty by /)
    const stopped = await asRole('operator', 'pools', 'stop-draining', pool, '--reason', 'it stays', '-o', 'json')
    expect(JSON.parse(stopped.out)).toMatchObject({ id: pool, draining: null })
    expect(await asRole('operator', 'pools', 'drain', 'another', '--reason', 'a typo')).toMatchObject({ code: 4 })
    expect(await asRole('viewer', 'pools', 'drain', pool, '--reason', 'may not')).toMatchObject({ code: 3 })
    expect(await asRole('operator', 'pools', 'drain', pool)).toMatchObject({ code: 1 })
  })

  it('are read page after page', async () => {
    api.engine.showPools(1_201, 3n)
    const { out } = await asRole('viewer', 'pools', '-o', 'jsonl')
    const ids = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id)
    expect(ids).toEqual(Array.from({ length: 1_201 }, (_, number) => `pool ${number}`))
  })
})

describe('leases', () => {
  it('are listed up to a limit, all of them if asked, and the rest is not passed over in silence', async () => {
    await commitBindings(...Array.from({ length: 12 }, (_, index) => index + 1))
    const some = await asRole('viewer', 'leases', 'list', '--limit', '5')
    expect(some.out.trim().split('\n')).toHaveLength(6)
    expect(some.err).toContain('more than 5')
    const all = await asRole('viewer', 'leases', 'list', '--all', '-o', 'json')
    expect((JSON.parse(all.out) as { items: unknown[] }).items).toHaveLength(12)
    const exact = await asRole('viewer', 'leases', 'list', '--limit', '12', '-o', 'jsonl')
    expect([exact.out.trim().split('\n').length, exact.err]).toEqual([12, ''])
    const abandoned = await asRole('viewer', 'leases', 'list', '--state', 'abandoned', '-o', 'jsonl')
    expect(JSON.parse(abandoned.out)).toMatchObject({ lease: '2001:db8::1' })
  })

  it('are compared with the partner if asked, in pieces, and why not is said once', async () => {
    await commitBindings(...Array.from({ length: 102 }, (_, index) => index + 1))
    const list = ['leases', 'list', '--all', '--compare']
    const { out, err, code } = await asRole('viewer', ...list)
    const [heads = '', first = ''] = out.split('\n')
    expect([heads.endsWith('PARTNER'), first.endsWith('unavailable'), code]).toEqual([true, true, 0])
    expect(err.match(/Not compared with/g)).toHaveLength(1)
    expect(err).toContain('there is no private channel')
    const lines = (await asRole('viewer', ...list, '-o', 'jsonl')).out.trim().split('\n')
    const leases = lines.map((line) => JSON.parse(line) as { comparison: { outcome: string; relationship: string } })
    expect(leases).toHaveLength(102)
    expect(new Set(leases.map(({ comparison: { outcome, relationship } }) => `${relationship}: ${outcome}`))).toEqual(
      new Set(['alpha-beta: unavailable']),
    )
    const watched = await asRole('viewer', ...list, '--watch')
    expect([watched.code, watched.err]).toEqual([1, expect.stringContaining('--watch')])
  })

  it('are shown with why they last so long, and reset by their version', async () => {
    await commitBindings(1)
    expect((await asRole('viewer', 'leases', 'show', '2001:db8::1')).out).toMatch(
      /^2001:db8::1\n {2}state +abandoned since /,
    )
    const wish = ['leases', 'reset', '2001:db8::1', '--reason', 'the printer was moved', '-o', 'json']
    const stale = await asRole('operator', ...wish, '--if-match', 'older')
    expect(stale.code).toBe(5)
    expect(JSON.parse(stale.err)).toMatchObject({ status: 412, fields: [{ field: 'header.If-Match' }] })
    const done = await asRole('operator', ...wish, '--idempotency-key', 'reset-of-the-printer')
    expect([done.code, JSON.parse(done.out)]).toMatchObject([0, { lease: '2001:db8::1' }])
    expect(api.engine.commands).toHaveLength(1)
    expect((await asRole('viewer', ...wish)).code).toBe(3)
    expect((await asRole('viewer', 'leases', 'show', '2001:db8::77')).code).toBe(4)
    expect((await asRole('viewer', 'leases', 'show', 'printer')).code).toBe(5)
  })
})

describe('a lease in use', () => {
  it('is released, because its client is gone, by who may', async () => {
    await commitBindings(1)
    const wish = ['leases', 'release', '2001:db8::1', '--reason', 'the laptop was stolen', '-o', 'json']
    expect((await asRole('operator', ...wish, '--if-match', 'older')).code).toBe(5)
    expect((await asRole('viewer', ...wish)).code).toBe(3)
    expect(api.engine.commands).toHaveLength(0)
    const done = await asRole('operator', ...wish)
    expect([done.code, JSON.parse(done.out)]).toMatchObject([0, { lease: '2001:db8::1' }])
    expect(api.engine.commands[0]?.command).toMatchObject({ kind: 'release-lease', reason: 'the laptop was stolen' })
  })
})

describe('leases, watched', () => {
  it('are those that were asked for, as they change', async () => {
    await commitBindings(2, 3)
    const token = await api.token('viewer')
    const watching = start(['leases', 'list', '--watch', '--duid', '02:00:00:00:00:03', '-o', 'json'], {
      TANDEM_URL: api.url,
      TANDEM_TOKEN: token,
    })
    const changed = (lease: string) => ({
      kind: 'lease-changed' as const,
      leaseKind: 'address' as const,
      lease,
      subnetId: '2001:db8::/64',
      clientDuid: undefined,
      from: 'FREE' as const,
      to: 'ACTIVE' as const,
      expiresAt: undefined,
      cause: 'client' as const,
    })
    // The process says nothing before something changes, so it is told until it has heard.
    await expect
      .poll(
        () => {
          for (const lease of ['2001:db8::2', '2001:db8::3']) api.engine.tell(changed(lease))
          return watching.out()
        },
        { timeout: 20_000, interval: 500 },
      )
      .not.toBe('')
    const [first = ''] = watching.out().split('\n')
    expect(JSON.parse(first)).toMatchObject({ kind: 'lease-changed', from: 'free', lease: { lease: '2001:db8::3' } })
    expect(watching.out()).not.toContain('"lease":"2001:db8::2"')
  })
})

describe('partner-down', () => {
  const wish = ['partner-down', 'main', '--reason', 'its host burnt down']

  it('is declared on the state that was shown, once for a key', async () => {
    const args = [
      ...wish,
      '--yes',
      '--seen-state',
      'communications-interrupted',
      '--idempotency-key',
      'the-fire-of-today',
    ]
    const environment = { TANDEM_URL: api.url, TANDEM_TOKEN: await api.token('operator') }
    for (let count = 0; count < 2; count += 1) {
      const { code, out } = await finished(start([...args, '--down-since', '2026-11-27T02:00:00+01:00'], environment))
      expect([code, out]).toEqual([0, expect.stringContaining('PARTNER-DOWN since')])
    }
    expect(api.engine.commands).toHaveLength(1)
    expect(api.engine.commands[0]?.command).toMatchObject({
      kind: 'declare-partner-down',
      reason: 'its host burnt down',
      seenState: 'COMMUNICATIONS-INTERRUPTED',
      force: false,
      downSince: Date.parse('2026-11-27T01:00:00Z'),
    })
  })

  it('is not declared when nobody confirms it, and only checked when that is asked', async () => {
    expect(await asRole('operator', ...wish)).toMatchObject({
      code: 1,
      err: expect.stringContaining('add --yes') as string,
    })
    expect(await asRole('viewer', ...wish, '--check')).toMatchObject({
      code: 0,
      out: 'Allowed: alpha is not in contact\n',
    })
    api.engine.show({
      commands: { ...noCommands, declarePartnerDown: { allowed: false, because: 'alpha is in contact' } },
    })
    expect((await asRole('viewer', ...wish, '--check')).code).toBe(5)
    expect(api.engine.commands).toEqual([])
  })

  it('says why it was refused, and what to do', async () => {
    api.engine.answer = { ok: false, refusal: 'state-changed', detail: 'It is NORMAL now.', currentState: 'NORMAL' }
    const { code, err } = await asRole('operator', ...wish, '--yes')
    expect([code, err]).toEqual([5, 'It is NORMAL now. Look at the relationship again, and decide again.\n'])
  })
})

describe.each(['hand-over', 'take-back', 'resync', 'rebalance'])('%s', (name) => {
  const wish = [name, 'main', '--reason', 'new memory']

  it('is commanded with its reason, and answered with the relationship', async () => {
    const { code, out } = await asRole('operator', ...wish)
    expect([code, out]).toEqual([0, expect.stringContaining('main')])
    expect(api.engine.commands.map(({ command }) => command)).toEqual([
      { kind: name, relationship: 'main', reason: 'new memory' },
    ])
  })

  it('is only checked when that is asked, and refused to who may only look', async () => {
    expect(await asRole('viewer', ...wish, '--check')).toMatchObject({ code: 5, out: 'Not allowed: not now\n' })
    expect((await asRole('viewer', ...wish)).code).not.toBe(0)
    expect(api.engine.commands).toEqual([])
  })
})

describe('the server to ask', () => {
  it('is found in a file, by name or as its first one, and its files lie beside it', async () => {
    writeFileSync(join(api.folder, 'a.token'), `${await api.token('viewer')}\n`)
    chmodSync(join(api.folder, 'a.token'), 0o600)
    const file = join(api.folder, 'servers.yaml')
    writeFileSync(
      file,
      `servers:\n  beta: { url: '${api.url}', tokenFile: a.token }\n  gone: { url: 'http://127.0.0.1:1', tokenFile: a.token }\n`,
    )
    expect((await finished(start(['pools'], { TANDEM_CTL_FILE: file }))).code).toBe(0)
    const gone = await finished(start(['pools', '--server', 'gone', '--file', file], {}))
    expect([gone.code, gone.err]).toEqual([
      2,
      expect.stringContaining('http://127.0.0.1:1 cannot be reached (ECONNREFUSED)'),
    ])
    const none = await finished(start(['pools', '--server', 'delta', '--file', file], {}))
    expect([none.code, none.err]).toEqual([1, `${file} names no server delta; it has beta, gone.\n`])
  })

  it('is asked for in words when nothing names it, and so is the token', async () => {
    expect(await finished(start(['status'], {}))).toMatchObject({
      code: 1,
      err: expect.stringContaining('--url') as string,
    })
    expect(await finished(start(['status', '--url', api.url], {}))).toMatchObject({
      code: 1,
      err: expect.stringContaining('--token-file') as string,
    })
    const wrong = await finished(start(['status', '--url', api.url, '--token', 'tandem_made-up'], {}))
    expect(wrong.code).toBe(3)
  })

  it('is explained by the help, with the exit codes', async () => {
    const { code, out } = await finished(start(['--help'], {}))
    expect(code).toBe(0)
    for (const word of ['TANDEM_TOKEN_FILE', '--server', 'ctl.yaml', '10  status: degraded', 'partner-down']) {
      expect(out).toContain(word)
    }
  })
})
