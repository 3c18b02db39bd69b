/** How many datagrams were answered lately: what was counted between about a minute ago and now. */
import type { PublishedView } from '../engine/engine-service.ts'
import { UnansweredTally } from '../engine/unanswered-tally.ts'

const WINDOW_MS = 60_000
/** Samples closer together say nothing more. */
const SAMPLE_MS = 1_000

interface Sample {
  readonly atMs: number
  readonly answered: number
  readonly unanswered: number
}

export interface Traffic {
  readonly windowSeconds: number
  readonly answered: number
  readonly unanswered: number
}

export class TrafficWindow {
  private samples: readonly Sample[] = []
  private readonly tally = new UnansweredTally()

  add(view: PublishedView): void {
    const { publishedAtMs: atMs, counters } = view
    const last = this.samples.at(-1)
    if (last !== undefined && atMs - last.atMs < SAMPLE_MS) return
    const sample = { atMs, answered: counters.datagramsSent, unanswered: this.tally.add(view) }
    this.samples = [...this.samples.filter((each) => atMs - each.atMs <= WINDOW_MS), sample]
  }

  read(): Traffic {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (first === undefined || last === undefined) return { windowSeconds: 0, answered: 0, unanswered: 0 }
    return {
      windowSeconds: Math.round((last.atMs - first.atMs) / 1000),
      answered: last.answered - first.answered,
      unanswered: last.unanswered - first.unanswered,
    }
  }
}
