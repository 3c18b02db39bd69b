/** Pictures of every screen of the console: a demo of two real servers is started, looked at, and one of them is killed. */
import { chromium } from '@playwright/test'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDemo } from '../console/demo-cluster.ts'
import { launchOptions } from '../console/launch-options.ts'
import { indexPage } from './index-page.ts'
import { takeAlone, takeHandedOver, takeNormal, takeSignedOut, takeTimeline } from './scenes.ts'
import { makeStudio } from './studio.ts'

const CLIENTS = 24

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(dirname(dirname(import.meta.dirname)), 'docs', 'console') },
    // Whole pages as PNG, for whoever mends them; no index.
    whole: { type: 'boolean', default: false },
  },
})

mkdirSync(values.folder, { recursive: true })
for (const file of readdirSync(values.folder)) {
  if (/\.(?:webp|png)$/u.test(file)) rmSync(join(values.folder, file))
}
const browser = await chromium.launch(launchOptions())
const demo = await startDemo(CLIENTS)
let failed = true
try {
  const studio = await makeStudio(browser, demo, values)
  for (const scene of [takeNormal, takeHandedOver, takeAlone, takeTimeline, takeSignedOut]) await scene(studio)
  if (!values.whole) writeFileSync(join(values.folder, 'README.md'), indexPage(studio.taken()))
  failed = false
} finally {
  await browser.close()
  await demo.remove(failed)
}
