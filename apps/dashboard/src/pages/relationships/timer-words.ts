/** The clocks of a relationship in words: what each is called, and what its end brings about. */
import type { Relationship } from '@tandem/api-contract'

type Names = Pick<Relationship, 'serverName' | 'partnerName'>
export type TimerKind = Relationship['deadlines'][number]['kind']

interface TimerWords {
  readonly name: string
  readonly effect: string
}

const words: Readonly<Record<TimerKind, (names: Names) => TimerWords>> = {
  'startup-ends': ({ serverName: me, partnerName: partner }) => ({
    name: 'Start-up time',
    effect: `${me} stops waiting for ${partner} and takes up its state from before the start`,
  }),
  'recover-wait-ends': ({ serverName: me, partnerName: partner }) => ({
    name: 'Wait in RECOVER-WAIT',
    effect: `All that ${me} may have promised before it failed has run out; it goes to RECOVER-DONE, and on with ${partner}`,
  }),
  'auto-partner-down': ({ serverName: me, partnerName: partner }) => ({
    name: 'Automatic partner-down',
    effect: `${me} declares ${partner} down by itself if it is still out of contact (autoPartnerDown)`,
  }),
  redial: ({ serverName: me, partnerName: partner }) => ({
    name: 'Next attempt to connect',
    effect: `${me} tries again to reach ${partner}`,
  }),
  'partner-pool-usable': ({ serverName: me, partnerName: partner }) => ({
    name: 'MCLT after PARTNER-DOWN',
    effect: `${me} may also delegate the prefixes that ${partner} held free`,
  }),
  'upddone-stall': ({ serverName: me, partnerName: partner }) => ({
    name: 'Wait for the end of updates',
    effect: `${me} gives up this connection unless ${partner} has sent all by then (UPDDONE)`,
  }),
  'acknowledgement-stall': ({ serverName: me, partnerName: partner }) => ({
    name: 'Wait for an acknowledgement',
    effect: `${me} gives up this connection unless ${partner} has acknowledged an update by then`,
  }),
}

export interface Timer extends TimerWords {
  readonly key: string
  /** null: it does not run. */
  readonly at: string | null
}

/** Every kind has its row, armed or not, so that no row moves; what else has a time comes behind them. */
export function timersOf({
  deadlines,
  next,
  ...names
}: Pick<Relationship, 'deadlines' | 'next'> & Names): readonly Timer[] {
  // The keys of the record are the kinds.
  const kinds = Object.keys(words) as TimerKind[]
  const armed = new Set(deadlines.map(({ at }) => at))
  return [
    ...kinds.map((kind) => ({
      key: kind,
      ...words[kind](names),
      at: deadlines.find((deadline) => deadline.kind === kind)?.at ?? null,
    })),
    ...next.flatMap(({ what, trigger, at }) =>
      at === null || armed.has(at) ? [] : [{ key: what, name: trigger, effect: what, at }],
    ),
  ]
}
