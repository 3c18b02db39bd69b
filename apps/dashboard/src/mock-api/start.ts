/** Starts the mock API in the page, then the console itself; only in Vite's mode `mock`. */
import { setupWorker } from 'msw/browser'
import { handlersOf } from './handlers.ts'
import { liveHandlerOf } from './live.ts'
import { MockWorld } from './world.ts'

const world = new MockWorld()
const worker = setupWorker(...handlersOf(world), liveHandlerOf(world))
await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
await import('../main.tsx')
