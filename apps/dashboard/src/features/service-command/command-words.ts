/** In words, what each command on a relationship does. */
import type { Relationship } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import type { ServiceCommandName } from './use-service-command.ts'

export interface CommandWords {
  readonly title: string
  /** On the button of the dialog, and while it is under way. */
  readonly act: string
  readonly acting: string
  readonly effect: string
  /** In the dialog, line by line. */
  readonly follows: readonly string[]
}

export function commandWords(command: ServiceCommandName, of: Relationship): CommandWords {
  return words[command](of)
}

const words: Readonly<Record<ServiceCommandName, (of: Relationship) => CommandWords>> = {
  handOver: ({ serverName: me, partnerName: partner }) => ({
    title: `Hand over to ${partner}`,
    act: `Hand over to ${partner}`,
    acting: 'Handing over…',
    effect: `For maintenance of ${me}: ${partner} is told everything and serves alone, until you take service back.`,
    follows: [
      `${me} answers nobody for a moment, at most a second, until ${partner} has acknowledged every lease. Where it does not, ${me} goes on serving.`,
      `Then ${me} says good-bye, and ${partner} answers every client, those of the last second too.`,
      `Clients that ${me} gave a lease keep it: they turn to ${partner} when they rebind.`,
      `${me} stays silent, also after a restart, until you take service back. If ${partner} fails meanwhile, nobody serves.`,
    ],
  }),
  takeBack: ({ serverName: me, partnerName: partner }) => ({
    title: 'Take service back',
    act: 'Take service back',
    acting: 'Taking back…',
    effect: `Ends the hand-over: ${me} looks for ${partner}, and both serve as one again.`,
    follows: [
      `${me} looks for ${partner}, as after a start, and hears from it what was given meanwhile.`,
      `If ${partner} was declared to serve alone, ${me} fetches everything before it serves.`,
      `If ${partner} is not heard within the start-up time, ${me} serves without it.`,
    ],
  }),
  resync: ({ serverName: me, partnerName: partner }) => ({
    title: `Fetch everything from ${partner}`,
    act: 'Fetch everything',
    acting: 'Asking…',
    effect: `${partner} sends every lease that it has. Clients are served meanwhile.`,
    follows: [
      `${me} compares each lease with its own record; the newer one stays, on both servers.`,
      'How far it is stands on this page, under updates.',
      `For the other direction, command it on ${partner}.`,
    ],
  }),
  rebalance: (of) => ({
    title: 'Share out the pools',
    act: 'Share out',
    acting: 'Sharing out…',
    effect: `Free leases change sides until every proportional pool is shared out exactly as configured. ${imbalanceSentence(of)}`,
    follows: [...imbalanceLines(of), 'Leases in use stay where they are. Clients notice nothing.'],
  }),
}

function imbalanceSentence({ imbalances }: Relationship): string {
  if (imbalances === null) return ''
  if (imbalances.length === 0) return 'At present they are.'
  const leases = imbalances.reduce((sum, each) => sum + BigInt(each.leases), 0n)
  return `At present ${groupedDigits(leases.toString())} would move.`
}

/** What would move, pool by pool: the preview. */
export function imbalanceLines({ imbalances, role, serverName, partnerName }: Relationship): readonly string[] {
  const [primary, secondary] = role === 'primary' ? [serverName, partnerName] : [partnerName, serverName]
  return (imbalances ?? []).map(({ pool, direction, leases }) => {
    const [from, to] = direction === 'give' ? [primary, secondary] : [secondary, primary]
    return `${pool}: ${groupedDigits(leases)} free go from ${from} to ${to}.`
  })
}
