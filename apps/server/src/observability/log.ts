/** The log: one line each, with a stable identifier that the operator's manual explains. */
import type { LogCase, LogMessageId } from './log-messages.ts'

export type LogLevel = 'info' | 'warning' | 'error'

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

export type LevelOf<Id extends LogMessageId> = Extract<LogCase, { readonly id: Id }>['level']

export interface Log {
  /** The level has to be one that the catalogue gives to the identifier. */
  write<Id extends LogMessageId>(level: LevelOf<Id>, id: Id, message: string, fields?: LogFields): void
}

export interface LogFormat {
  readonly form: 'text' | 'json'
  readonly serverName: string
  readonly clock: () => number
  readonly writeLine: (line: string) => void
}

export function createLog({ form, serverName, clock, writeLine }: LogFormat): Log {
  return {
    write(level, id, message, fields = {}) {
      const at = new Date(clock()).toISOString()
      writeLine(
        form === 'json'
          ? JSON.stringify({ at, level, id, server: serverName, message, ...fields })
          : `${at} ${level.padEnd(7)} ${serverName} ${id} ${oneLine(message)}${fieldsText(fields)}`,
      )
    },
  }
}

/** What comes from the network must not begin a line of its own, nor steer a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}

function fieldsText(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${oneLine(String(value))}`)
    .join('')
}
