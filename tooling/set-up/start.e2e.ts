/** `npm start` as a stranger runs it: from a fresh copy to two consoles, to the end by Ctrl-C, and once more with the same data. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshCopy } from './fresh-copy.ts'
import type { FreshCopy } from './fresh-copy.ts'

/** Away from a demo that the developer may have running. */
const PORT_OFFSET = 3000
const consoles = [8067, 8068].map((port) => `http://127.0.0.1:${port + PORT_OFFSET}`)
const STARTED = /Ctrl-C stops everything/
const START_LIMIT_MS = 200_000

class Start {
  static readonly all: Start[] = []
  output = ''
  readonly process: ChildProcess

  constructor(copy: FreshCopy, ...more: readonly string[]) {
    const args = ['start', '--', '--port-offset', String(PORT_OFFSET), ...more]
    // A process group of its own, as a terminal would give it.
    this.process = spawn('npm', args, {
      cwd: copy.folder,
      env: copy.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    Start.all.push(this)
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
  }

  async until(pattern: RegExp): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS
    while (!pattern.test(this.output)) {
      if (this.hasEnded) throw new Error(`ended early:\n${this.output}`)
      if (Date.now() > deadline) throw new Error(`did not say ${String(pattern)} in time:\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null
  }

  async ended(): Promise<number | NodeJS.Signals | null> {
    if (!this.hasEnded) await once(this.process, 'exit')
    return this.process.exitCode ?? this.process.signalCode
  }

  /** What a terminal does on Ctrl-C: the signal goes to every process of the group. npm waits for us, then ends by it. */
  async controlC(): Promise<number | NodeJS.Signals | null> {
    this.signalGroup('SIGINT')
    return await this.ended()
  }

  signalGroup(signal: NodeJS.Signals): void {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, signal)
    } catch {
      // Nobody of the group is left.
    }
  }
}

const answers = async (url: string): Promise<boolean> =>
  await fetch(url).then(
    () => true,
    () => false,
  )

describe('npm start', () => {
  let copy: FreshCopy
  let start: Start | undefined
  beforeAll(() => {
    copy = freshCopy()
  })
  afterAll(() => {
    for (const each of Start.all) each.signalGroup('SIGKILL')
    copy.remove()
  })

  it('installs, builds and starts two servers, and says where and with what password', async () => {
    start = new Start(copy)
    await start.until(STARTED)
    for (const url of consoles) expect(start.output).toContain(url)
    expect(start.output).toMatch(/User \S+, password \S{8,}/)
    expect(start.output).toMatch(/Installing packages done[^]*Building done/)
  })

  it('serves a console and a health answer on both addresses', async () => {
    for (const url of consoles) {
      const page = await fetch(url)
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="root">')])
      expect((await fetch(`${url}/api/v1/health`)).status).toBe(200)
    }
  })

  it('has one user whose password is good on both', async () => {
    const name = /User (?<name>[^\s,]+)/.exec(start?.output ?? '')?.groups?.['name']
    const body = JSON.stringify({ name, password: passwordIn(start?.output) })
    for (const url of consoles) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'the-first-sign-in', origin: url }
      const signedIn = await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body })
      expect([signedIn.status, signedIn.headers.get('set-cookie')]).toEqual([201, expect.stringContaining('HttpOnly')])
    }
  })

  it('ends in order on Ctrl-C, and then nothing listens any more', async () => {
    expect([0, 'SIGINT']).toContain(await start?.controlC())
    expect(start?.output).toContain('Stopped')
    for (const url of consoles) expect(await answers(url)).toBe(false)
  })

  it('keeps its data for the second start, which installs nothing and builds nothing anew', async () => {
    const made = statSync(join(copy.folder, 'demo-data', 'alpha', 'tandem.db')).birthtimeMs
    const firstPassword = passwordIn(start?.output)
    const startedAt = Date.now()
    start = new Start(copy)
    await start.until(STARTED)
    expect(Date.now() - startedAt).toBeLessThan(60_000)
    expect(start.output).not.toContain('Installing packages')
    expect(passwordIn(start.output)).toBe(firstPassword)
    expect(statSync(join(copy.folder, 'demo-data', 'alpha', 'tandem.db')).birthtimeMs).toBe(made)
  })

  it('says in one sentence that a port is taken, while the first demo runs on', async () => {
    const second = new Start(copy, '--folder', 'other-data')
    expect(await second.ended()).toBe(1)
    expect(sentences(second.output)).toHaveLength(1)
    expect(sentences(second.output)[0]).toContain(`port ${8067 + PORT_OFFSET} `)
    expect(await answers(`${consoles[0]}/api/v1/health`)).toBe(true)
  })

  it('ends in order when only the process that was started is told to', async () => {
    start?.process.kill('SIGTERM')
    await start?.ended()
    expect(start?.output).toContain('Stopped')
    for (const url of consoles) expect(await answers(url)).toBe(false)
  })

  it('begins anew with --fresh', async () => {
    const before = passwordIn(start?.output)
    start = new Start(copy, '--fresh')
    await start.until(STARTED)
    expect(passwordIn(start.output)).not.toBe(before)
    await start.controlC()
  })

  it('says in one sentence that a port is taken by another program', async () => {
    const blocker = createServer().listen(8068 + PORT_OFFSET, '127.0.0.1')
    await once(blocker, 'listening')
    const refused = new Start(copy)
    expect(await refused.ended()).toBe(1)
    blocker.close()
    expect(sentences(refused.output)).toEqual([expect.stringMatching(/port 11068 .* taken/)])
    expect(existsSync(join(copy.folder, 'other-data'))).toBe(false)
  })
})

function passwordIn(output = ''): string | undefined {
  return /password (?<password>\S+)/.exec(output)?.groups?.['password']
}

/** What the user reads apart from the progress of set-up and what npm says of itself. */
function sentences(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.trim() !== '' && !/^(>|npm |Installing|Building|  still)/.test(line))
}
