/** Entries of a timeline in words. */
import { failoverStateWord } from '@tandem/api-contract'
import type { TimelineEntry } from '@tandem/api-contract'
import type { IconName } from '../../../ui/icon.tsx'
import { durationWords, localTime } from '../../../ui/time-words.ts'
import type { Band } from './timeline-bands.ts'

/** Larger numbers are times: of 2001 and later. */
const FIRST_TIME_MS = 1e12

export const kindWords: Readonly<Record<TimelineEntry['kind'], { readonly name: string; readonly icon: IconName }>> = {
  'state-change': { name: 'Change of state', icon: 'forward' },
  command: { name: 'Command', icon: 'audit' },
  configuration: { name: 'Configuration', icon: 'information' },
  start: { name: 'Start', icon: 'play' },
}

const actionWords: Readonly<Record<string, string | undefined>> = {
  'declare-partner-down': 'Partner declared down',
  'hand-over': 'Service handed over',
  'take-back': 'Service taken back',
  resync: 'Every lease fetched from the partner',
  rebalance: 'Pools shared out',
  'drain-pool': 'Pool drained',
  'stop-draining': 'Draining stopped',
  restore: 'Storage brought back from a backup',
}

/** One line, without the time and the server. */
export function headlineOf(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'state-change':
      return `${failoverStateWord(entry.from)} to ${failoverStateWord(entry.to)}`
    case 'command':
      return `${actionWords[entry.action] ?? entry.action}${entry.outcome === 'refused' ? ': refused' : ''}`
    case 'configuration':
      return `Configuration ${entry.revision}`
    case 'start':
      return `Started, version ${entry.version}`
  }
}

/** What stands below it: why, by whom, and what came of it. */
export function detailOf(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'state-change':
      return entry.cause
    case 'command':
      return [entry.detail, entry.reason === '' ? '' : `“${entry.reason}”`].filter((part) => part !== '').join(' ')
    case 'configuration':
      return entry.reason
    case 'start':
      return entry.ranUntil === null
        ? 'It had not run before, or its storage was lost.'
        : `It did not run for ${durationWords(Date.parse(entry.at) - Date.parse(entry.ranUntil))}.`
  }
}

/** What a rule was decided on; of times, which come as milliseconds, the time. */
export function inputsOf(inputs: Readonly<Record<string, string | number | boolean>>, nowMs: number): string {
  return Object.entries(inputs)
    .map(([name, value]) => {
      const isTime = typeof value === 'number' && value > FIRST_TIME_MS
      return `${name} ${isTime ? localTime(value, nowMs) : value}`
    })
    .join(', ')
}

export function stateWords(state: Band['state'] | undefined): string {
  if (state === undefined) return 'not known'
  return state === 'not-running' ? 'not running' : failoverStateWord(state)
}
