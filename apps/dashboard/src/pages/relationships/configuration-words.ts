/** A comparison of two configurations in words. */
import type { ConfigurationComparison, ConfigurationDifference, SettingGroup } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import type { Tone } from '../../ui/notice.tsx'

export function summaryOf({ outcome, problem, partnerName, settings, differing }: ConfigurationComparison): string {
  if (outcome === 'unavailable') return `Not compared with ${partnerName}: ${problem}`
  if (differing === '0') return `All ${groupedDigits(settings)} settings that both should have alike agree.`
  return `${groupedDigits(differing)} of ${groupedDigits(settings)} settings that both should have alike ${differing === '1' ? 'differs' : 'differ'}.`
}

export const weightWords: Readonly<
  Record<ConfigurationDifference['weight'], { readonly tone: Tone; readonly word: string }>
> = {
  'must-agree': { tone: 'at-risk', word: 'Must agree' },
  'should-agree': { tone: 'degraded', word: 'Should agree' },
  'one-is-in-force': { tone: 'idle', word: 'One is in force' },
}

const groupWords: Readonly<Record<Exclude<SettingGroup, 'relationship' | 'lifetime' | 'option'>, string>> = {
  subnet: 'Subnet',
  'address-pool': 'Address pool',
  'prefix-pool': 'Prefix pool',
  reservation: 'Reservation of',
}

/** As in the configuration file, or what it is with its id. */
export function settingWords({ group, setting }: Pick<ConfigurationDifference, 'group' | 'setting'>): string {
  if (group === 'relationship' || group === 'lifetime' || group === 'option') return setting
  return `${groupWords[group]} ${setting}`
}

export function valueWords(value: string | null): string {
  if (value === null) return 'not there'
  return value === '' ? 'none' : value
}
