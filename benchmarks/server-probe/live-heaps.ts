/** What is alive in the heaps of a server's threads: asked for now and then, since it takes a full collection of garbage. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '../../e2e/topology/wait-until.ts'

export interface LiveHeap {
  readonly thread: string
  /** 1, 2, 3: which of those that were asked for. */
  readonly collection: number
  readonly liveMegabytes: number
}

/** Threads look for a wish once a second. */
const COLLECTED_LIMIT_MS = 60_000

const wishFile = (folder: string): string => join(folder, 'collections-wanted')

export function collectionsWanted(folder: string): number {
  return existsSync(wishFile(folder)) ? Number(readFileSync(wishFile(folder), 'utf8')) : 0
}

/** Of every thread that the probe in this folder has seen, in megabytes. */
export async function collectHeaps(folder: string): Promise<Readonly<Record<string, number>>> {
  const collection = collectionsWanted(folder) + 1
  writeFileSync(wishFile(folder), String(collection))
  const threads = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length
  return waitUntil('each thread has collected its garbage', COLLECTED_LIMIT_MS, () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.live'))
    const live = liveHeapsIn(
      files.map((name) => readFileSync(join(folder, name), 'utf8')),
      collection,
    )
    return Object.keys(live).length === threads ? live : undefined
  })
}

/** Each text is that of one thread. */
export function liveHeapsIn(texts: readonly string[], collection: number): Readonly<Record<string, number>> {
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1))
  // Our own probe wrote them.
  const heaps = lines.map((line) => JSON.parse(line) as LiveHeap)
  return Object.fromEntries(
    heaps.filter((heap) => heap.collection === collection).map((heap) => [heap.thread, heap.liveMegabytes]),
  )
}
