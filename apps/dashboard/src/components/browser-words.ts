/** What a browser says of itself, in the words that its user knows it by. */

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/(?<version>\d+)/, 'Edge'],
  [/\bOPR\/(?<version>\d+)/, 'Opera'],
  [/\bFirefox\/(?<version>\d+)/, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/(?<version>\d+)/, 'Chrome'],
  [/\bVersion\/(?<version>\d+).*\bSafari\//, 'Safari'],
  [/^curl\/(?<version>\d+)/, 'curl'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

export function browserWords(userAgent: string): string {
  if (userAgent === '') return 'A program that does not name itself'
  const browser = browsers.flatMap(([pattern, name]) => {
    const version = pattern.exec(userAgent)?.groups?.['version']
    return version === undefined ? [] : [`${name} ${version}`]
  })[0]
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  if (browser === undefined) return userAgent.slice(0, 60)
  return system === undefined ? browser : `${browser} on ${system}`
}
