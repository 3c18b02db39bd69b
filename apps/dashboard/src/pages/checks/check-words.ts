/** Outcomes of checks in words, and what all of them come to. */
import type { Check, CheckOutcome } from '@tandem/api-contract'
import type { IconName } from '../../ui/icon.tsx'
import type { Tone } from '../../ui/notice.tsx'

export const outcomeWords: Readonly<
  Record<CheckOutcome, { readonly tone: Tone; readonly icon: IconName; readonly word: string }>
> = {
  good: { tone: 'ok', icon: 'ok', word: 'good' },
  unknown: { tone: 'idle', icon: 'waiting', word: 'not known' },
  warning: { tone: 'degraded', icon: 'degraded', word: 'look at it' },
  bad: { tone: 'down', icon: 'down', word: 'bad' },
}

export function summaryOf(items: readonly Pick<Check, 'outcome'>[]): string {
  const count = (outcome: CheckOutcome): number => items.filter((item) => item.outcome === outcome).length
  const parts = [
    [count('bad'), 'bad'],
    [count('warning'), 'to look at'],
    [count('unknown'), 'not known'],
    [count('good'), 'good'],
  ] as const
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ')
}
