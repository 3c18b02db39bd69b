/** The thread of console and API gives way to the threads that serve clients, where they want the same processor. */
import { getPriority, setPriority } from 'node:os'

/** Niceness added: an idle machine gives the thread all that it wants; a busy one a third of what it gives the others. */
const NICER_BY = 5
const NICENESS_MAX = 19

/**
 * For the calling thread, and those that it starts later; so to be called when the threads of the data plane run. Linux
 * only: elsewhere a niceness is that of the whole process.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(Math.min(NICENESS_MAX, getPriority() + NICER_BY))
}
