/** Every suite of `npm test`, in the order in which they run: a new suite is one entry here. */
import type { Suite } from './suite.ts'
import { check, network, partner, playwright, programs, simulation, vitest } from './suite-kinds.ts'

export const suites: readonly Suite[] = [
  check('format', 'node', 'node_modules/oxfmt/bin/oxfmt', '--check'),
  check('lint', 'node', 'node_modules/oxlint/bin/oxlint'),
  check('types', 'pnpm', 'run', 'typecheck'),
  vitest(
    'import rules, lint rules, tidy',
    '--project',
    'tooling',
    'tooling/import-rules/',
    'tooling/lint/',
    'tooling/tidy/',
  ),
  vitest('unit', '--project', '!simulator', '--project', '!tooling'),
  vitest('tooling', '--project', 'tooling', 'tooling/bootstrap/', 'tooling/database/', 'tooling/test/'),
  vitest('engine scenarios', '--project', 'simulator'),
  simulation(1000, 100),
  vitest('storage', '--root', 'apps/server', '--config', 'vitest.storage.config.ts'),
  {
    ...vitest('storage on PostgreSQL', '--root', 'apps/server', '--config', 'vitest.postgresql.config.ts'),
    needs: [programs.postgresql],
    quick: false,
    limitMinutes: 20,
  },
  { ...vitest('set-up in empty folders', '--config', 'tooling/vitest.set-up.config.ts'), limitMinutes: 15 },
  { ...partner('codec'), quick: true },
  partner('against-secondary'),
  partner('against-primary'),
  playwright('console in Chromium', '--config', 'e2e/playwright.config.ts'),
  network('blind-server'),
  network('capture', programs.tshark, programs.python3),
  network('figures', programs.tshark, programs.python3, programs.dhclient),
  { ...network('kills'), limitMinutes: 15 },
  network('many-relationships'),
  { ...network('mutations', programs.dhclient), limitMinutes: 20 },
  network('outages'),
  network('quarantine', programs.chromium),
  network('real-clients', programs.dhclient, programs.dhcpcd, programs.dhcp6c, programs.dhcrelay, programs.perfdhcp),
  network('strace', programs.strace),
  network('tls', programs.openssl, programs.chromium),
]
