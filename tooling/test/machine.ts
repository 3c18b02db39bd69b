/** What this machine can run: asked, not assumed. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Need, Program } from './suite.ts'

export type Machine = {
  readonly isRoot: boolean
  readonly isDebian: boolean
  readonly hasNetworkNamespaces: () => boolean
  readonly hasProgram: (name: string) => boolean
}

export function thisMachine(): Machine {
  const isRoot = process.getuid?.() === 0
  return { isRoot, isDebian: isDebian(), hasNetworkNamespaces, hasProgram }
}

/** One line for each thing that is missing; none means that the suite can run. */
export function missingNeeds(needs: readonly Need[], machine: Machine): readonly string[] {
  return needs.flatMap((need) => {
    switch (need.kind) {
      case 'root':
        return machine.isRoot ? [] : ['needs root']
      case 'network-namespaces':
        return machine.isRoot && !machine.hasNetworkNamespaces() ? ['needs network namespaces, refused here'] : []
      case 'program':
        return machine.hasProgram(need.name) ? [] : [missingProgram(need, machine)]
    }
  })
}

function missingProgram({ name, debianPackage }: Program, machine: Machine): string {
  if (!machine.isDebian) return `needs the program ${name} (this is not Debian, so it is not installed here)`
  if (!machine.isRoot) return `needs the program ${name} (as root: apt-get install ${debianPackage})`
  return `needs the program ${name}, and installing ${debianPackage} failed`
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\bdebian\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

function hasNetworkNamespaces(): boolean {
  return spawnSync('unshare', ['--net', 'true'], { stdio: 'ignore' }).status === 0
}

function hasProgram(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin']
  return folders.some((folder) => isExecutable(join(folder, name)))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
