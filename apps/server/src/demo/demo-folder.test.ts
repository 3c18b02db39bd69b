/** The demo's folder: made once, kept, cleared of the demo's own files only; and what it writes is a right configuration. */
import { createServer } from 'node:net'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfiguration } from '../configuration/load-configuration.ts'
import { demoPlan } from './demo-configuration.ts'
import { prepareDemoFolder } from './demo-folder.ts'
import { insistOnFreePorts } from './free-ports.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-demo-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.each(['alpha', 'beta'] as const)(
  'the configuration of %s is right, and has the times that the demo promises',
  async (name) => {
    const made = await prepareDemoFolder(folder, demoPlan(0), false)
    const loaded = loadConfiguration(made.file(`${name}.yaml`))
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    const { engine, node, warnings } = loaded.configuration
    expect(engine.relationships[0]).toMatchObject({
      role: name === 'alpha' ? 'primary' : 'secondary',
      mcltSeconds: 60,
      keepaliveSeconds: 8,
      transport: 'tls',
    })
    for (const { lifetimes } of engine.subnets) {
      expect(lifetimes.validSeconds).toBe(120)
      expect(lifetimes.preferredSeconds * lifetimes.t1Fraction).toBe(30)
      expect(lifetimes.preferredSeconds * lifetimes.t2Fraction).toBe(60)
    }
    expect(node.partnerLinks[0]?.channel?.partnerPort).toBe(name === 'alpha' ? 6474 : 6473)
    expect(node.api.port).toBe(name === 'alpha' ? 8067 : 8068)
    expect(warnings).toEqual([])
  },
)

test('a second start keeps password, certificates and edited configuration', async () => {
  const first = await prepareDemoFolder(folder, demoPlan(0), false)
  writeFileSync(first.file('alpha.yaml'), '# mine\n')
  const key = readFileSync(first.file('certificates/alpha.key'), 'utf8')
  const second = await prepareDemoFolder(folder, demoPlan(0), false)
  expect([first.isNew, second.isNew]).toEqual([true, false])
  expect(second.password).toBe(first.password)
  expect(readFileSync(second.file('alpha.yaml'), 'utf8')).toBe('# mine\n')
  expect(readFileSync(second.file('certificates/alpha.key'), 'utf8')).toBe(key)
  expect(statSync(second.file('demo.json')).mode & 0o777).toBe(0o600)
})

test('a later start may move the ports, unless somebody has changed the configuration', async () => {
  const first = await prepareDemoFolder(folder, demoPlan(0), false)
  const moved = await prepareDemoFolder(folder, demoPlan(100), false)
  expect(readFileSync(first.file('alpha.yaml'), 'utf8')).toContain('listen: 127.0.0.1:8167')
  expect(readFileSync(first.file('beta.yaml'), 'utf8')).toContain('listen: 127.0.0.1:8168')
  const back = await prepareDemoFolder(folder, demoPlan(0), false)
  expect(readFileSync(first.file('alpha.yaml'), 'utf8')).toContain('listen: 127.0.0.1:8067')
  expect(back.password).toBe(moved.password)
  writeFileSync(first.file('beta.yaml'), '# mine\n')
  await expect(prepareDemoFolder(folder, demoPlan(100), false)).rejects.toThrow(
    /beta\.yaml was changed by hand, so its ports cannot be moved: start the demo with --port-offset 0 as before/u,
  )
  expect(readFileSync(first.file('beta.yaml'), 'utf8')).toBe('# mine\n')
})

test('a fresh start makes all anew and leaves what is not its own', async () => {
  const first = await prepareDemoFolder(folder, demoPlan(0), false)
  mkdirSync(first.file('alpha'))
  writeFileSync(first.file('alpha/tandem.db'), 'old')
  writeFileSync(first.file('notes.txt'), 'mine')
  writeFileSync(first.file('certificates/mine.pem'), 'mine')
  const fresh = await prepareDemoFolder(folder, demoPlan(0), true)
  expect(fresh.isNew).toBe(true)
  expect(fresh.password).not.toBe(first.password)
  expect(existsSync(fresh.file('alpha'))).toBe(false)
  expect(readFileSync(fresh.file('notes.txt'), 'utf8')).toBe('mine')
  expect(readFileSync(fresh.file('certificates/mine.pem'), 'utf8')).toBe('mine')
})

test('a folder that cannot be written is one sentence', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(prepareDemoFolder(join(folder, 'file', 'inside'), demoPlan(0), false)).rejects.toThrow(
    /^The demo cannot write to .* \(ENOTDIR\): give --folder one that is yours\.$/u,
  )
})

test('a taken port is one sentence that names it', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const plan = demoPlan(0)
  const taken = { ...plan, alpha: { ...plan.alpha, apiPort: address.port } }
  await expect(insistOnFreePorts(taken)).rejects.toThrow(
    `TCP port ${address.port} on 127.0.0.1 (console of alpha) is taken: stop the program`,
  )
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
