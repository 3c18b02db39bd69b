/** Only the thread that gives way becomes nicer, and not the process around it. */
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const GIVE_WAY = `
import { parentPort } from 'node:worker_threads'
import { getPriority } from 'node:os'
import { giveWay } from '${new URL('./give-way.ts', import.meta.url).href}'
const before = getPriority()
giveWay()
parentPort.postMessage({ before, after: getPriority() })
`

test.runIf(process.platform === 'linux')('the calling thread alone becomes nicer', async () => {
  const own = getPriority()
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(GIVE_WAY)}`))
  const [told]: unknown[] = await once(worker, 'message')
  expect(told).toEqual({ before: own, after: Math.min(19, own + 5) })
  expect(getPriority()).toBe(own)
})
