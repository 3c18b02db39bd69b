/** Installs the Debian packages that suites call for, where we may: root on Debian. Daemons that come along are not started. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.ts'
import type { Suite } from './suite.ts'

const POLICY_FILE = '/usr/sbin/policy-rc.d'
const LAST_LINES = 15

/** The packages behind the programs that are not there. */
export function missingPackages(suites: readonly Suite[], machine: Machine): readonly string[] {
  const needs = suites.flatMap((suite) => suite.needs)
  const missing = needs.flatMap((need) =>
    need.kind === 'program' && !machine.hasProgram(need.name) ? [need.debianPackage] : [],
  )
  return [...new Set(missing)].toSorted()
}

/** Leaves the verdict to the suites' own needs: what could not be installed is still missing when they are asked. */
export function installMissingPackages(suites: readonly Suite[], machine: Machine, say: (line: string) => void): void {
  const packages = missingPackages(suites, machine)
  if (packages.length === 0 || !machine.isRoot || !machine.isDebian) return
  say(`Installing Debian packages: ${packages.join(' ')} ...`)
  const startedAt = Date.now()
  const wrotePolicy = !existsSync(POLICY_FILE)
  if (wrotePolicy) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const failure = aptGet(['update']) ?? aptGet(['install', '--yes', '--no-install-recommends', ...packages])
    say(failure ?? `Installing Debian packages done (${Math.round((Date.now() - startedAt) / 1000)} s)`)
  } finally {
    if (wrotePolicy) rmSync(POLICY_FILE, { force: true })
  }
}

function aptGet(args: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=120']
  const { status, stdout, stderr } = spawnSync('apt-get', [...waitForLock, ...args], { env, encoding: 'utf8' })
  if (status === 0) return undefined
  const tail = `${stdout}${stderr}`.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
  return `${tail}\napt-get ${args[0]} failed (exit code ${status}).`
}
