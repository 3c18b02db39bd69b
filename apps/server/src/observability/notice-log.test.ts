/** Log lines: stable identifiers, one line each, and no flood from what the network can cause. */
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import type { LogFields } from './log.ts'
import { LimitedLog, lineOf } from './notice-log.ts'

function logAt() {
  const clock = { nowMs: 0 }
  const lines: { id: string; fields: LogFields }[] = []
  const log = new LimitedLog(
    { write: (_level, id, _message, fields = {}) => void lines.push({ id, fields }) },
    () => clock.nowMs,
  )
  return { clock, lines, log }
}

const malformed = {
  kind: 'datagram-unanswered',
  reason: 'malformed',
  messageType: '?',
  detail: 'cut short',
  rule: 'RFC 9915 16',
  inputs: {},
  relationship: undefined,
  clientDuid: undefined,
} as const

describe('the notice log', () => {
  it('writes a flood of malformed datagrams once, then their count', () => {
    const { clock, lines, log } = logAt()
    const line = lineOf(malformed)
    if (line === undefined) throw new Error('a malformed datagram is worth a line')
    for (let count = 0; count < 1_000; count += 1) log.write(line)
    expect(lines).toEqual([{ id: 'DHCP_MALFORMED', fields: {} }])
    clock.nowMs = 10_000
    log.write(line)
    expect(lines[1]).toEqual({ id: 'DHCP_MALFORMED', fields: { leftOut: 999 } })
  })

  it('says what was left out also when nothing more comes', () => {
    const { clock, lines, log } = logAt()
    const line = lineOf(malformed)
    if (line === undefined) throw new Error('a malformed datagram is worth a line')
    log.write(line)
    log.write(line)
    clock.nowMs = 10_000
    log.flush()
    log.flush()
    expect(lines).toHaveLength(2)
    expect(lines[1]).toEqual({ id: 'DHCP_MALFORMED', fields: { leftOut: 1 } })
  })

  it('says that the partner cannot be reached at once, and then every ten minutes', () => {
    const { clock, lines, log } = logAt()
    const line = lineOf({ kind: 'connection-changed', relationship: 'main', change: 'dial-failed', detail: 'refused' })
    if (line === undefined) throw new Error('a partner that cannot be reached is worth a line')
    expect(line.message).toBe('main: the partner cannot be reached: refused')
    for (; clock.nowMs <= 20 * 60_000; clock.nowMs += 5_000) log.write(line)
    expect(lines.map(({ fields }) => fields['leftOut'])).toEqual([undefined, 119, 119])
  })

  it('writes every change of state', () => {
    const { lines, log } = logAt()
    const change = {
      kind: 'failover-state-changed',
      relationship: 'main',
      from: 'NORMAL',
      to: 'COMMUNICATIONS-INTERRUPTED',
      cause: 'silence',
      rule: 'RFC 8156 8.5',
      alarm: true,
    } as const
    const line = lineOf(change)
    expect(line).toMatchObject({ level: 'warning', id: 'FO_STATE_TRANSITION' })
    if (line === undefined) throw new Error('a change of state is worth a line')
    log.write(line)
    log.write(line)
    expect(lines).toHaveLength(2)
  })

  it('warns of a partner that keeps DNS records', () => {
    expect(lineOf({ kind: 'dns-data-ignored', relationship: 'main' })).toMatchObject({
      level: 'warning',
      id: 'FO_DNS_IGNORED',
    })
  })

  it('tells a listener that is down from a server that hears no client at all', () => {
    const down = [{ listenerId: 'i', reason: 'interface eth0 has no carrier' }]
    expect(lineOf({ kind: 'listeners-changed', down, blind: false })).toMatchObject({
      level: 'warning',
      id: 'LISTENER_DOWN',
      message: 'clients cannot be heard: interface eth0 has no carrier',
    })
    expect(lineOf({ kind: 'listeners-changed', down, blind: true })).toMatchObject({
      level: 'error',
      id: 'NO_CLIENT_HEARD',
      message: expect.stringContaining('(interface eth0 has no carrier): the partner is left') as string,
    })
    expect(lineOf({ kind: 'listeners-changed', down: [], blind: false })).toMatchObject({ id: 'LISTENERS_UP' })
  })

  it('names the suspicion about a primary that leaves clients unanswered, and its end', () => {
    const unanswered = { kind: 'clients-unanswered', relationship: 'main', count: 5 } as const
    expect(lineOf({ ...unanswered, alarm: true })).toMatchObject({
      level: 'warning',
      id: 'CLIENTS_UNANSWERED',
      message: expect.stringContaining('perhaps the primary does not hear or answer them') as string,
    })
    expect(lineOf({ ...unanswered, count: 1, alarm: false })).toMatchObject({
      level: 'info',
      id: 'CLIENTS_ANSWERED_AGAIN',
    })
  })

  it('leaves everyday things to the counters', () => {
    expect(lineOf({ kind: 'datagram-answered', requestType: 'SOLICIT', answerType: 'ADVERTISE' })).toBeUndefined()
    expect(lineOf({ ...malformed, reason: 'failover-state' })).toBeUndefined()
  })
})

describe('a log line', () => {
  const write = (form: 'text' | 'json', message: string): string => {
    const lines: string[] = []
    const log = createLog({ form, serverName: 'alpha', clock: () => 0, writeLine: (line) => lines.push(line) })
    log.write('warning', 'DHCP_MALFORMED', message, { client: 'a\nb', none: undefined })
    return lines.join('|')
  }

  it('stays one line, whatever the network put into it', () => {
    expect(write('text', 'one\ntwo\u001b[31m')).toBe(
      '1970-01-01T00:00:00.000Z warning alpha DHCP_MALFORMED one?two?[31m client=a?b',
    )
  })

  it('is JSON where a machine reads', () => {
    expect(JSON.parse(write('json', 'one\ntwo'))).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      level: 'warning',
      id: 'DHCP_MALFORMED',
      server: 'alpha',
      message: 'one\ntwo',
      client: 'a\nb',
    })
  })
})
