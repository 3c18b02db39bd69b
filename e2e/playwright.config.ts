/** The console in a real Chromium: Debian's, since no browser is downloaded here. */
import { defineConfig } from '@playwright/test'
import { launchOptions } from './console/launch-options.ts'

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
    launchOptions: launchOptions(),
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
