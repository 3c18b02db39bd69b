/** How Debian's Chromium is started, since no browser is downloaded here. */
export interface LaunchOptions {
  readonly executablePath: string
  readonly args: string[]
}

export function launchOptions(): LaunchOptions {
  return {
    executablePath: process.env['TANDEM_CHROMIUM'] ?? '/usr/bin/chromium',
    // Chromium's own sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  }
}
