/** Our generator in C: built with the machine's compiler when it is asked for; keeps every delay, also from link-local addresses. */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Namespace } from '../../e2e/topology/namespaces.ts'
import { LOAD_ADDRESS } from './bench-link.ts'
import type { Generator, Leg, Load, LoadReport } from './load-report.ts'

const CLIENTS_OF_A_GROUP = 10_000_000
const MERCY_SECONDS = 30

/** For the whole run. */
let builtOnce: string | undefined

export type Source = 'global' | 'link-local'

/** Whether there is a compiler; without one this generator cannot be had. */
export function hasCompiler(): boolean {
  return spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0
}

export function dhcp6load(source: Source): Generator {
  return {
    name: source === 'global' ? 'dhcp6load' : 'dhcp6load-link-local',
    run(from, interfaceName, load) {
      if (load.asked !== 'addresses') throw new Error('dhcp6load asks for addresses only: prefixes need perfdhcp.')
      builtOnce ??= build()
      const [program = '', ...args] = from.inside(builtOnce, ...dhcp6loadArguments(interfaceName, load, source))
      return new Promise((resolve, reject) => {
        execFile(program, args, { timeout: (load.seconds + MERCY_SECONDS) * 1000 }, (error, stdout, stderr) => {
          if (error !== null) reject(new Error(`dhcp6load: ${error.message}\n${stderr}`))
          else resolve(reportIn(stdout, load))
        })
      })
    },
  }
}

/** A load whose end is not known before; `load.seconds` is only how long it may go on. */
export interface OpenLoad {
  /** Ends it and tells of all of it. */
  end(): Promise<LoadReport>
}

export function startOpenLoad(from: Namespace, interfaceName: string, load: Load): OpenLoad {
  builtOnce ??= build()
  const [program = '', ...args] = from.inside(builtOnce, ...dhcp6loadArguments(interfaceName, load, 'global'))
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString()
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`dhcp6load ended with ${code}`))
    })
  })
  // Whoever asks for its end hears of it; until then it is no news.
  ended.catch(() => undefined)
  return {
    async end() {
      child.kill('SIGTERM')
      await ended
      return reportIn(text, load)
    },
  }
}

function build(): string {
  if (!hasCompiler()) throw new Error('dhcp6load is built with cc, and there is none: use --generator perfdhcp.')
  const folder = mkdtempSync(join(tmpdir(), 'tandem-dhcp6load-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const program = join(folder, 'dhcp6load')
  execFileSync('cc', ['-O2', '-o', program, join(import.meta.dirname, 'dhcp6load.c')], { stdio: 'inherit' })
  return program
}

export function dhcp6loadArguments(interfaceName: string, load: Load, source: Source): readonly string[] {
  const { exchangesPerSecond, renewalsPerSecond, seconds, clientGroup } = load
  const numbers = [exchangesPerSecond, renewalsPerSecond, seconds, clientGroup * CLIENTS_OF_A_GROUP]
  return [interfaceName, ...numbers.map(String), source === 'global' ? LOAD_ADDRESS : '::']
}

export function reportIn(text: string, { renewalsPerSecond }: Load): LoadReport {
  const report: unknown = JSON.parse(text)
  return {
    solicits: legIn(report, 'solicits'),
    requests: legIn(report, 'requests'),
    renewals: renewalsPerSecond > 0 ? legIn(report, 'renewals') : undefined,
  }
}

function legIn(report: unknown, name: string): Leg {
  const leg = new Map(Object.entries(new Map(entriesOf(report)).get(name) ?? {}))
  const number = (key: string): number => {
    const value: unknown = leg.get(key)
    if (typeof value !== 'number') throw new Error(`dhcp6load: ${name} without ${key}`)
    return value
  }
  const received = number('received')
  const delay = (key: string): number | undefined => (received === 0 ? undefined : number(key))
  const percentiles = { p50Ms: number('p50'), p95Ms: number('p95'), p99Ms: number('p99') }
  return {
    sent: number('sent'),
    received,
    rejected: number('rejected'),
    averageDelayMs: delay('average'),
    longestDelayMs: delay('longest'),
    percentiles: received === 0 ? undefined : percentiles,
  }
}

function entriesOf(value: unknown): readonly (readonly [string, object])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).filter((entry): entry is [string, object] => typeof entry[1] === 'object')
}
