/** The few kinds of suite there are, and the programs they may call with the Debian packages that carry them. */
import type { Need, Program, Suite } from './suite.ts'

const program = (name: string, debianPackage: string = name): Program => ({ kind: 'program', name, debianPackage })

export const programs = {
  chromium: program('chromium'),
  cwebp: program('cwebp', 'webp'),
  dhclient: program('dhclient', 'isc-dhcp-client'),
  dhcpcd: program('dhcpcd', 'dhcpcd-base'),
  dhcp6c: program('dhcp6c', 'wide-dhcpv6-client'),
  dhcrelay: program('dhcrelay', 'isc-dhcp-relay'),
  gcc: program('gcc'),
  ip: program('ip', 'iproute2'),
  kea: program('kea-dhcp6', 'kea-dhcp6-server'),
  openssl: program('openssl'),
  perfdhcp: program('perfdhcp', 'kea-admin'),
  // Of Debian's package; the server itself is not in its path.
  postgresql: program('pg_ctlcluster', 'postgresql'),
  prometheus: program('prometheus'),
  python3: program('python3'),
  strace: program('strace'),
  tshark: program('tshark'),
} as const

const anywhere = { needs: [], quick: true, sideBySide: false } as const

/** One thing that is right or wrong as a whole. */
export function check(name: string, ...command: Suite['command']): Suite {
  return { ...anywhere, name, command, results: 'exit-code', limitMinutes: 5 }
}

export function vitest(name: string, ...args: readonly string[]): Suite {
  const command = ['node', 'node_modules/vitest/vitest.mjs', 'run', ...args] as const
  return { ...anywhere, name, command, results: 'vitest', limitMinutes: 10 }
}

/** Simulated pairs, each from a seed of its own: every property must hold in all of them. */
export function simulation(seeds: number, quickSeeds: number): Suite {
  const command = (count: number) =>
    ['node', 'apps/server/dist/cli/main.js', 'simulate', '--seeds', `${count}`] as const
  return {
    ...anywhere,
    name: 'simulation',
    command: command(seeds),
    quickCommand: command(quickSeeds),
    results: 'exit-code',
    limitMinutes: 20,
  }
}

/** Pages of the console in a real browser. */
export function playwright(name: string, ...args: readonly string[]): Suite {
  const command = ['node', 'e2e/node_modules/@playwright/test/cli.js', 'test', ...args] as const
  return {
    ...anywhere,
    name,
    command,
    results: 'playwright',
    needs: [programs.chromium],
    quick: false,
    limitMinutes: 40,
  }
}

/** `e2e/partner/<file>.e2e.ts`: the independent failover partner, in Python. */
export function partner(file: string): Suite {
  const args = ['--config', 'e2e/vitest.partner.config.ts', `partner/${file}.e2e.ts`] as const
  return {
    ...vitest(`independent partner: ${file}`, ...args),
    needs: [programs.python3],
    quick: false,
    sideBySide: true,
    limitMinutes: 15,
  }
}

/** `e2e/network/<file>.e2e.ts`: real programs in network namespaces, two files side by side. */
export function network(file: string, ...needs: readonly Need[]): Suite {
  return {
    ...vitest(`network: ${file}`, '--config', 'e2e/vitest.network.config.ts', `network/${file}.e2e.ts`),
    needs: [{ kind: 'root' }, { kind: 'network-namespaces' }, programs.ip, ...needs],
    quick: false,
    sideBySide: true,
    limitMinutes: 15,
  }
}
