/** When something was logged, by the lines of the servers' logs. */

/** Tandem's lines begin with `2026-11-26T23:18:11.095Z`; undefined: no such line. */
export function tandemLogTime(log: string, text: string): number | undefined {
  const line = lineWith(log, text)
  return line === undefined ? undefined : timeOf(line.slice(0, line.indexOf(' ')), line)
}

/** Kea's begin with `2026-11-26 23:18:11.095`, in the time of the place. */
export function keaLogTime(log: string, text: string): number | undefined {
  const line = lineWith(log, text)
  return line === undefined ? undefined : timeOf(line.slice(0, 23).replace(' ', 'T'), line)
}

function lineWith(log: string, text: string): string | undefined {
  return log.split('\n').find((line) => line.includes(text))
}

function timeOf(text: string, line: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Error(`no time in "${line}"`)
  return ms
}
