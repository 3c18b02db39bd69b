/** The console in a real Chromium: Debian's, since no browser is downloaded here. */
import { defineConfig } from '@playwright/test'

const runsAsRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'console',
  testMatch: '**/*.e2e.ts',
  outputDir: '../test-results/console',
  // The pages of one demo cluster: tests that kill a server cannot share it.
  workers: 1,
  timeout: 120_000,
  forbidOnly: true,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: process.env['TANDEM_CHROMIUM'] ?? '/usr/bin/chromium',
      // Chromium's own sandbox refuses to run as root.
      args: runsAsRoot ? ['--no-sandbox'] : [],
    },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
