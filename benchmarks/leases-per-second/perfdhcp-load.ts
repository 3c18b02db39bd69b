/** perfdhcp of Kea as the generator: what its clients ask for, how often, and its own report of what was lost. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { legOf, type LegReport } from '../../e2e/topology/perfdhcp.ts'
import type { Asked, Generator, Leg, Load, LoadReport } from './load-report.ts'

const CLIENTS_MAX = 1_000_000
/** How long an answer may take, also at the end of the load. */
const LOST_AFTER_SECONDS = 1
const MERCY_SECONDS = 40
const RECEIVE_BUFFER_SETTING = '/proc/sys/net/core/rmem_default'
/** As the sockets of Tandem and of the stub ask for; `dhcp6load` has 8 MiB. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

export const perfdhcp: Generator = {
  name: 'perfdhcp',
  run(from, interfaceName, load) {
    const [program = '', ...args] = from.inside('perfdhcp', ...perfdhcpArguments(interfaceName, load))
    const restore = enlargeNewReceiveBuffers()
    return new Promise<LoadReport>((resolve, reject) => {
      execFile(program, args, { timeout: (load.seconds + MERCY_SECONDS) * 1000 }, (error, stdout, stderr) => {
        // Lost exchanges are an exit code too: only a run without a report has failed.
        const text = stdout + stderr
        try {
          resolve(reportIn(text, load))
        } catch (cause) {
          reject(new Error(`perfdhcp gave no report: ${error?.message ?? ''}\n${text.slice(-2000)}`, { cause }))
        }
      })
    }).finally(restore)
  },
}

/**
 * It stands for thousands of clients and has one socket, whose buffer it leaves at the default of the machine: with that it
 * lost answers that had arrived. The servers have their sockets already.
 */
function enlargeNewReceiveBuffers(): () => void {
  const before = readFileSync(RECEIVE_BUFFER_SETTING, 'utf8')
  writeFileSync(RECEIVE_BUFFER_SETTING, String(RECEIVE_BUFFER_OCTETS))
  return () => writeFileSync(RECEIVE_BUFFER_SETTING, before)
}

const leaseType: Readonly<Record<Asked, string>> = {
  addresses: 'address-only',
  prefixes: 'prefix-only',
  both: 'address-and-prefix',
}

export function perfdhcpArguments(interfaceName: string, load: Load): readonly string[] {
  const { asked, exchangesPerSecond, renewalsPerSecond, seconds, clientGroup } = load
  const firstMac = `00:${clientGroup.toString(16).padStart(2, '0')}:00:00:00:00`
  const renewals = renewalsPerSecond > 0 ? ['-f', String(renewalsPerSecond)] : []
  const patience = ['-d', String(LOST_AFTER_SECONDS), '-W', String(LOST_AFTER_SECONDS * 1e6)]
  return [
    ['-6', '-l', interfaceName, '-e', leaseType[asked], '-b', `mac=${firstMac}`],
    ['-r', String(exchangesPerSecond), '-p', String(seconds), '-R', String(CLIENTS_MAX)],
    [...renewals, ...patience, 'all'],
  ].flat()
}

export function reportIn(text: string, { renewalsPerSecond }: Load): LoadReport {
  return {
    solicits: withoutPercentiles(legOf(text, 'SOLICIT-ADVERTISE')),
    requests: withoutPercentiles(legOf(text, 'REQUEST-REPLY')),
    renewals: renewalsPerSecond > 0 ? withoutPercentiles(legOf(text, 'RENEW-REPLY')) : undefined,
  }
}

function withoutPercentiles({ sent, received, rejected, averageDelayMs, longestDelayMs }: LegReport): Leg {
  return { sent, received, rejected, averageDelayMs, longestDelayMs, percentiles: undefined }
}
