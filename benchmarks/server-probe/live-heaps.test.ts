/** Which heaps belong to a collection. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { collectHeaps, liveHeapsIn } from './live-heaps.ts'
import { readProbe } from './probe-samples.ts'

test('only the heaps of the collection that was asked for count', () => {
  const line = (thread: string, collection: number, liveMegabytes: number): string =>
    `${JSON.stringify({ thread, collection, liveMegabytes })}\n`
  const texts = [line('main', 1, 10) + line('main', 2, 12), line('storage', 1, 5)]
  expect(liveHeapsIn(texts, 1)).toEqual({ main: 10, storage: 5 })
  expect(liveHeapsIn(texts, 2)).toEqual({ main: 12 })
})

test('a thread with the probe in it collects its garbage and tells what is alive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-probe-'))
  const keep = `
    import '${new URL('./probe.ts', import.meta.url).href}'
    globalThis.kept = Array.from({ length: 1e6 }, (_, index) => index + 0.5)
    for (let i = 0; i < 50; i += 1) Array.from({ length: 1e5 }, (_, index) => ({ index }))
    setInterval(() => undefined, 1000)
  `
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(keep)}`), {
    workerData: { storage: true },
    env: { TANDEM_BENCH_PROBE: folder },
  })
  try {
    await expect.poll(() => readProbe(folder).length, { timeout: 20_000 }).toBeGreaterThan(0)
    const live = await collectHeaps(folder)
    expect(Object.keys(live)).toEqual(['storage'])
    // A million numbers of eight octets, and the little that every thread has.
    expect(live['storage']).toBeGreaterThan(8)
    expect(live['storage']).toBeLessThan(25)
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true })
  }
})
