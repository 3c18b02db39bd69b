/** What was alive in the heaps at two moments of the soak: what a leak fills, and uncollected garbage does not. */
import type { ServerName } from '../../e2e/topology/pair-configuration.ts'
import { collectHeaps } from '../server-probe/live-heaps.ts'
import { probeFolder, SERVERS } from './minute.ts'

export interface LiveMemory {
  /** After this minute. */
  readonly minute: number
  /** Megabytes by thread, after a full collection. */
  readonly heaps: Readonly<Record<ServerName, Readonly<Record<string, number>>>>
}

export async function measureLiveMemory(folder: string, minute: number): Promise<LiveMemory> {
  const of = (name: ServerName) => collectHeaps(probeFolder(folder, name))
  return { minute, heaps: { alpha: await of('alpha'), beta: await of('beta') } }
}

export interface LiveGrowth {
  readonly name: string
  readonly before: number
  readonly after: number
  readonly perHour: number
  readonly grows: boolean
}

/** Less than this is what compiled code and caches come to. */
const GROWN_MEGABYTES_MIN = 2
const GROWN_PART_MIN = 0.05

/** Between the first and the last; none of one. */
export function liveGrowthOf(measured: readonly LiveMemory[]): readonly LiveGrowth[] {
  const first = measured[0]
  const last = measured.at(-1)
  if (first === undefined || last === undefined || first === last) return []
  const hours = (last.minute - first.minute) / 60
  return SERVERS.flatMap((server) =>
    Object.entries(first.heaps[server]).map(([thread, before]) => {
      const after = last.heaps[server][thread] ?? 0
      const grown = after - before
      const grows = grown > GROWN_MEGABYTES_MIN && grown > GROWN_PART_MIN * before
      return { name: `${server} ${thread}`, before, after, perHour: grown / hours, grows }
    }),
  )
}
