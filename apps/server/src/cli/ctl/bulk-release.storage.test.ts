/** `tandem ctl leases release-found` as a script meets it: it counts, insists on a number, follows to the end, and says how it was by its exit code. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll } from '../../storage/test-support/fixtures.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let api: ApiFixture
let running: ChildProcess[] = []
beforeEach(async () => {
  api = await startTestApi()
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  const changes = [1, 2, 3].map((number) => ({
    kind: 'binding-put' as const,
    binding: {
      ...fullBinding(number),
      relationship: 'main',
      clientHeardAt: instant(Date.now() - 3_600_000),
      partnerHeardClientAt: undefined,
    },
  }))
  await store.commit(commitOf(1, changes))
  await store.settle?.()
  await store.close()
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running = []
  await api.close()
})

async function ctl(role: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', MAIN, 'ctl', 'leases', ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: api.folder,
      TANDEM_URL: api.url,
      TANDEM_TOKEN: await api.token(role),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

const found = ['release-found', '--address', '2001:db8::/64', '--reason', 'the switch is gone']

describe('release-found', () => {
  it('only counts with --check', async () => {
    const { code, out } = await ctl('viewer', ...found, '--check')
    expect([code, out]).toEqual([0, '3 found, 3 of them active, 3 can be released now\n'])
    expect(await ctl('viewer', 'release-found', '--subnet', 'nowhere', '--reason', 'gone', '--check')).toMatchObject({
      code: 4,
    })
    expect(api.engine.commands).toEqual([])
  })

  it('does nothing unless somebody confirms it, and nothing without a search', async () => {
    const unasked = await ctl('operator', ...found)
    expect(unasked.code).toBe(1)
    expect(unasked.err).toContain('add --expect 3')
    const everything = await ctl('operator', 'release-found', '--reason', 'gone', '--yes')
    expect(everything).toMatchObject({ code: 5 })
    expect(everything.err).toContain('Name one of')
    expect((await ctl('viewer', ...found, '--yes')).code).toBe(3)
    expect(api.engine.commands).toEqual([])
  })

  it('refuses when more are found than expected, and releases when not, to the end', async () => {
    const more = await ctl('operator', ...found, '--expect', '2', '-o', 'json')
    expect(more.code).toBe(5)
    expect(JSON.parse(more.err)).toMatchObject({ refusal: 'more-than-expected' })
    expect(api.engine.commands).toEqual([])
    const { code, out, err } = await ctl('operator', ...found, '--expect', '3', '-o', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ state: 'done', released: '3', left: '0' })
    expect(err).toMatch(/tandem ctl leases cancel-release [0-9a-f]{32}\n/)
    expect(api.engine.commands).toHaveLength(3)
    const list = await ctl('viewer', 'releases')
    expect(list.out).toMatch(/LEFT ALONE {2}NOT TRIED\n[0-9a-f]{32} .* done +3 +3 +0 +0\n$/)
  })

  it('is followed by another call, and cannot be cancelled once it has ended', async () => {
    let go: () => void = () => undefined
    const held = new Promise<void>((resolve) => (go = resolve))
    api.engine.command = async () => {
      await held
      throw new Error('storage fails')
    }
    const { code, out } = await ctl('operator', ...found, '--yes', '--detach')
    expect(code).toBe(0)
    const id = out.slice(0, 32)
    expect(out).toContain(': running, 0 of 3 released, 3 to go')
    const following = ctl('viewer', 'follow-release', id)
    go()
    const followed = await following
    expect(followed.code).toBe(6)
    expect(followed.out).toContain('failed, 0 of 3 released, 3 not tried\n  storage fails')
    expect((await ctl('operator', 'cancel-release', id)).code).toBe(5)
  })
})
