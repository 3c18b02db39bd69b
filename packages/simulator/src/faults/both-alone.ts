/** The wire between the servers is cut, and an operator on each side declares the other down: both serve alone until they give out the same leases. */
import { defineFault } from './fault.ts'

/** By then both have lost each other. */
const DECLARED_AFTER_KEEPALIVES = 1.5

export const bothAlone = defineFault({
  name: 'both-alone',
  weight: 2,
  // Beyond MCLT each of them gives leases of the other's part (RFC 8156 section 8.4.1).
  lastsSeconds: [120, 4 * 3600],
  isOperatorError: true,
  begin: ({ world }) => {
    if (world.streams.isCut || world.servers.some((server) => !server.isRunning || server.isSuspended)) return undefined
    let isOver = false
    world.streams.cut()
    world.schedule.after(DECLARED_AFTER_KEEPALIVES * world.settings.keepaliveSeconds * 1000, () => {
      for (const server of world.servers) {
        if (!isOver && server.isRunning && !server.isSuspended) world.operator.declarePartnerDown(server, true)
      }
    })
    return () => {
      isOver = true
      world.streams.mend()
    }
  },
})
