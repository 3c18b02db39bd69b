/** perfdhcp of Kea: 4-way exchanges at a steady rate, and its own report of what was lost (it sends from a global address). */
import { execFile } from 'node:child_process'
import type { Namespace } from './namespaces.ts'

export interface Load {
  readonly interfaceName: string
  readonly exchangesPerSecond: number
  readonly seconds: number
  /** Each run has clients of its own, or it would measure old friends. */
  readonly firstMac: string
  /** How long an answer may take before its exchange counts as lost. Default: 1 s. */
  readonly lostAfterSeconds?: number
}

export interface LegReport {
  readonly sent: number
  readonly received: number
  readonly drops: number
  readonly rejected: number
  readonly averageDelayMs: number | undefined
  readonly longestDelayMs: number | undefined
}

export interface LoadReport {
  readonly solicits: LegReport
  readonly requests: LegReport
  readonly text: string
}

const MERCY_SECONDS = 40
const CLIENTS_MAX = 1_000_000

export function runPerfdhcp(namespace: Namespace, load: Load): Promise<LoadReport> {
  const { interfaceName, exchangesPerSecond, seconds, firstMac, lostAfterSeconds = 1 } = load
  // What is on its way at the end of the period has the same time.
  const patience = ['-d', String(lostAfterSeconds), '-W', String(lostAfterSeconds * 1e6)]
  const rate = ['-r', String(exchangesPerSecond), '-p', String(seconds), '-R', String(CLIENTS_MAX)]
  const clients = ['-e', 'address-only', '-b', `mac=${firstMac}`]
  const command = ['perfdhcp', '-6', '-l', interfaceName, ...clients, ...rate, ...patience, 'all']
  const [program = '', ...args] = namespace.inside(...command)
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: (seconds + MERCY_SECONDS) * 1000 }, (error, stdout, stderr) => {
      // Lost exchanges are an exit code too: only a run without a report has failed.
      const text = stdout + stderr
      try {
        resolve({ solicits: legOf(text, 'SOLICIT-ADVERTISE'), requests: legOf(text, 'REQUEST-REPLY'), text })
      } catch (cause) {
        reject(new Error(`perfdhcp gave no report: ${error?.message ?? ''}\n${text.slice(-2000)}`, { cause }))
      }
    })
  })
}

export function legOf(text: string, exchange: string): LegReport {
  const section = text.split('***Statistics for: ').find((part) => part.startsWith(exchange))
  if (section === undefined) throw new Error(`no statistics for ${exchange}`)
  const optional = (name: string): number | undefined => {
    const match = new RegExp(`^${name}:\\s*(-?[\\d.]+)`, 'm').exec(section)
    return match === null ? undefined : Number(match[1])
  }
  const number = (name: string): number => {
    const value = optional(name)
    if (value === undefined) throw new Error(`${exchange}: no "${name}"`)
    return value
  }
  return {
    sent: number('sent packets'),
    received: number('received packets'),
    drops: number('drops'),
    rejected: optional('rejected leases') ?? 0,
    averageDelayMs: optional('avg delay'),
    longestDelayMs: optional('max delay'),
  }
}
