/** Our generator in C: built with the machine's compiler when it is asked for; keeps every delay, also from link-local addresses. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOAD_ADDRESS } from './bench-link.ts'
import type { Generator, Leg, Load, LoadReport } from './load-report.ts'

const CLIENTS_OF_A_GROUP = 10_000_000
const MERCY_SECONDS = 30

export type Source = 'global' | 'link-local'

/** Whether there is a compiler; without one this generator cannot be had. */
export function hasCompiler(): boolean {
  return spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0
}

export function dhcp6load(source: Source): Generator {
  let built: string | undefined
  return {
    name: source === 'global' ? 'dhcp6load' : 'dhcp6load-link-local',
    run(from, interfaceName, load) {
      if (load.asked !== 'addresses') throw new Error('dhcp6load asks for addresses only: prefixes need perfdhcp.')
      built ??= build()
      const [program = '', ...args] = from.inside(built, ...dhcp6loadArguments(interfaceName, load, source))
      return new Promise((resolve, reject) => {
        execFile(program, args, { timeout: (load.seconds + MERCY_SECONDS) * 1000 }, (error, stdout, stderr) => {
          if (error !== null) reject(new Error(`dhcp6load: ${error.message}\n${stderr}`))
          else resolve(reportIn(stdout, load))
        })
      })
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
