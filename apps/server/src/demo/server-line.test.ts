/** What of a server's log reaches the demo's terminal. */
import { expect, test } from 'vitest'
import { createLog, type LevelOf } from '../observability/log.ts'
import type { LogMessageId } from '../observability/log-messages.ts'
import { terminalLine } from './server-line.ts'

function told<Id extends LogMessageId>(level: LevelOf<Id>, id: Id, message: string, fields = {}): string | undefined {
  const lines: string[] = []
  const log = createLog({
    form: 'text',
    serverName: 'beta',
    clock: () => 0,
    writeLine: (line) => void lines.push(line),
  })
  log.write(level, id, message, fields)
  return terminalLine('beta', lines[0] ?? '')
}

test('transitions are told in their own words, whatever their level', () => {
  const message = 'alpha-beta: STARTUP -> RECOVER: The partner has been heard.'
  expect(told('info', 'FO_STATE_TRANSITION', message, { rule: 'RFC 8156 8.3.2' })).toBe(`beta  | ${message}`)
  expect(told('warning', 'FO_STATE_TRANSITION', message, { rule: 'x' })).toBe(`beta  | ${message}`)
})

test('warnings and errors are told, the rest is for the log file', () => {
  expect(told('error', 'DATA_PLANE_FAILED', 'the disk is full')).toBe('beta  | error: the disk is full')
  expect(told('info', 'SERVER_STOPPED', 'all is stored')).toBeUndefined()
  expect(told('warning', 'SETUP_TOKEN', 'no operator yet', { token: 'secret' })).toBeUndefined()
  expect(told('warning', 'FO_CONNECTION', 'alpha-beta: the partner cannot be reached')).toBeUndefined()
})

test('what is no log line is told, but for the ready line', () => {
  expect(terminalLine('beta', 'Error: out of memory')).toBe('beta  | Error: out of memory')
  expect(terminalLine('beta', 'ready {"name":"beta"}')).toBeUndefined()
})
