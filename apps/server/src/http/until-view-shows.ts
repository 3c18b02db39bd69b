/** After a command: waits until what is published shows it, so that the answer does. */
import type { EngineService } from '../engine/engine-service.ts'

/** The view is published at the release of the command's own step, so this is waited for only under load. */
const VIEW_WAIT_MS = 2_000

export async function untilViewShows(engine: EngineService, shows: () => boolean): Promise<void> {
  if (shows()) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, VIEW_WAIT_MS)
    const stop = engine.onView(() => {
      if (shows()) end()
    })
  })
}
