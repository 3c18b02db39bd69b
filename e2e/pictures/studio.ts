/** Takes a screen in both sizes and both themes, and keeps a list of what was taken. */
import type { Browser, Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signInToApi } from '../console/api-session.ts'
import type { ApiSession, Credentials } from '../console/api-session.ts'
import { DESKTOP, openConsole, PHONE, signIn } from '../console/console-page.ts'
import type { DemoCluster, ServerName } from '../console/demo-cluster.ts'
import { isShownWhole } from '../console/page-checks.ts'
import { smallPicture } from './small-picture.ts'

export interface Screen {
  /** Of the files. */
  readonly name: string
  readonly title: string
  /** One or two sentences for who looks at the index. */
  readonly shows: string
}

export interface TakenScreen extends Screen {
  readonly files: readonly { readonly file: string; readonly size: keyof typeof SIZES; readonly theme: Theme }[]
}

export interface Studio {
  readonly demo: DemoCluster
  /** Of the administrator, at alpha. */
  readonly api: ApiSession
  /** A browser of its own, signed in as the administrator of the demo unless others are named. */
  readonly open: (server: ServerName, path: string, credentials?: Credentials) => Promise<Page>
  readonly openSignedOut: (server: ServerName) => Promise<Page>
  readonly take: (page: Page, screen: Screen) => Promise<void>
  readonly taken: () => readonly TakenScreen[]
}

export interface StudioOptions {
  readonly folder: string
  /** Pages in their whole length, as PNG. */
  readonly whole: boolean
}

const SIZES = { desktop: DESKTOP, phone: PHONE } as const
const THEMES = ['light', 'dark'] as const

type Theme = (typeof THEMES)[number]

export async function makeStudio(browser: Browser, demo: DemoCluster, options: StudioOptions): Promise<Studio> {
  const api = await signInToApi(demo.consoles.alpha, demo)
  const taken: TakenScreen[] = []

  async function takeOne(page: Page, name: string): Promise<string> {
    const png = await page.screenshot({ animations: 'disabled', fullPage: options.whole })
    const file = `${name}.${options.whole ? 'png' : 'webp'}`
    writeFileSync(join(options.folder, file), options.whole ? png : smallPicture(png))
    return file
  }

  return {
    demo,
    api,
    async open(server, path, credentials = demo) {
      const { page } = await openConsole(browser, demo.consoles[server] + path)
      await signIn(page, credentials)
      return page
    },
    async openSignedOut(server) {
      return (await openConsole(browser, demo.consoles[server])).page
    },
    async take(page, screen) {
      const files = []
      for (const [size, viewport] of Object.entries(SIZES) as [keyof typeof SIZES, typeof DESKTOP | typeof PHONE][]) {
        await page.setViewportSize(viewport)
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme })
          await isShownWhole(page)
          await page.evaluate(() => scrollTo(0, 0))
          files.push({ file: await takeOne(page, `${screen.name}-${size}-${theme}`), size, theme })
        }
      }
      await page.setViewportSize(DESKTOP)
      taken.push({ ...screen, files })
      process.stdout.write(`${screen.title}\n`)
    },
    taken: () => taken,
  }
}
