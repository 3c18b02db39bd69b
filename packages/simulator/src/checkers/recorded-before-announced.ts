/** A state is on disk before the partner hears of it (RFC 8156 section 8.2). */
import { MessageType } from '@tandem/protocol'
import { announcedState, readFrame } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

export const recordedBeforeAnnounced = defineChecker({
  name: 'recorded-before-announced',
  property: 'A state is recorded before it is announced.',
  watch: ({ report }) => {
    /** What stands on disk; within one commit several states may have been passed through. */
    const recorded = new Map<string, ReadonlySet<string>>()
    const passed = new Map<string, ReadonlySet<string>>()
    return {
      erased(server) {
        recorded.delete(server)
        passed.delete(server)
      },
      committed(server, changes) {
        const states = changes.flatMap((change) => (change.kind === 'endpoint-put' ? [change.endpoint.state] : []))
        const moves = changes.flatMap((change) => (change.kind === 'transition-added' ? [change.transition.to] : []))
        const last = states.at(-1)
        const all = [...(recorded.get(server) ?? []), ...states, ...moves]
        if (all.length > 0) passed.set(server, new Set(all))
        if (last !== undefined) recorded.set(server, new Set([last]))
      },
      released(server, output) {
        const message = readFrame(output)
        if (message?.type !== MessageType.State) return
        const announced = announcedState(message)
        // An empty disk says RECOVER (digest A6): a server that never recorded anything may say so while it starts.
        const isFirstWord = announced?.state === 'RECOVER' && announced.flags?.startup === true && !passed.has(server)
        if (announced === undefined) report(`${server} sent a STATE without a state`)
        else if (!isFirstWord && passed.get(server)?.has(announced.state) !== true) {
          report(`${server} announced ${announced.state} before it was on disk`)
        }
      },
    }
  },
})
