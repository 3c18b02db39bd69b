/** Which lines of a server's log are worth a line in the demo's terminal, and how they look there. */

/** As the server's log writes them: time, level, server, identifier, text. */
const LOG_LINE = /^\S+Z (info|warning|error) +\S+ ([A-Z][A-Z0-9_]*) (.*)$/u
const TOLD_THOUGH_INFO: ReadonlySet<string> = new Set(['FO_STATE_TRANSITION'])
/** The demo has used the token itself; and what a lost connection means is told by the transition that follows. */
const SILENT: ReadonlySet<string> = new Set(['SETUP_TOKEN', 'FO_CONNECTION'])

/** Undefined: only for the log file. What is no log line is told as it is, since it may be the end of a server. */
export function terminalLine(server: string, line: string): string | undefined {
  if (line.startsWith('ready ') || line.trim() === '') return undefined
  const name = server.padEnd(5)
  const match = LOG_LINE.exec(line)
  if (match === null) return `${name} | ${line}`
  const [, level = '', id = '', text = ''] = match
  if (SILENT.has(id) || (level === 'info' && !TOLD_THOUGH_INFO.has(id))) return undefined
  return id === 'FO_STATE_TRANSITION' ? `${name} | ${text.replace(/ rule=.*$/u, '')}` : `${name} | ${level}: ${text}`
}
