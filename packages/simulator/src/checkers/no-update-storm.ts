/** A lease that does not change is not told over and over (RFC 8156 section 7.5.4: no loop of refused updates). */
import type { EngineEvent } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { updatedLeases, type UpdatedLease } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

interface Told {
  readonly what: string
  readonly at: readonly number[]
}

/** Once for the change, once more with the scan of what is owed, which comes every ten seconds. */
const TIMES_MAX = 2
const WITHIN_MS = 8_000

export const noUpdateStorm = defineChecker({
  name: 'no-update-storm',
  property: `The same of one lease is told at most ${TIMES_MAX} times within ${WITHIN_MS / 1000} s of one connection.`,
  watch: ({ world, onlooker, report }) => {
    const told = new WeakMap<object, Map<string, Told>>()
    const heardLast = new Map<string, Map<string, string>>()
    const heardBy = (server: string): Map<string, string> => {
      const heard = heardLast.get(server) ?? new Map<string, string>()
      heardLast.set(server, heard)
      return heard
    }
    const toldBy = (server: string): Map<string, Told> | undefined => {
      const conversation = onlooker.talking(server)
      return conversation === undefined ? undefined : told.get(conversation)
    }
    return {
      decided(server, event, effects, _engine, now) {
        const conversation = onlooker.talking(server)
        if (conversation === undefined) return
        const ofConversation = told.get(conversation) ?? new Map<string, Told>()
        told.set(conversation, ofConversation)
        const { received, sent } = onlooker.messages
        // Entering a state in which updates flow, or asked for it, everything that is owed is told once more; and whoever asks
        // may refuse what it hears, and then tells what stands.
        const isAsked = [received, ...sent].some((message) => message !== undefined && asksForUpdates(message))
        const isEntered = effects.commit.some(({ kind }) => kind === 'transition-added')
        if (isAsked || isEntered || tellsBeforeLeaving(event)) ofConversation.clear()
        // Every message of a client is a change of its own, though it may say the same within one second.
        for (const change of event.kind === 'datagram-received' ? effects.commit : []) {
          if (change.kind !== 'binding-put') continue
          // What the other one refuses, and tells instead, follows from it too.
          for (const each of world.servers) toldBy(each.name)?.delete(nameOf(change.binding))
        }
        // News of the partner may be refused, and what stands is then told at once; in a loop it says the same each time.
        for (const lease of received?.type === MessageType.Bndupd ? updatedLeases(received.options) : []) {
          const heard = heardBy(server)
          const [name, what] = [nameOf(lease), whatIsTold(lease)]
          if (heard.get(name) !== what) ofConversation.delete(name)
          heard.set(name, what)
        }
        for (const message of sent) {
          if (message.type !== MessageType.Bndupd) continue
          for (const lease of updatedLeases(message.options)) {
            const [name, what] = [nameOf(lease), whatIsTold(lease)]
            const before = ofConversation.get(name)
            const recent = before?.what === what ? before.at.filter((at) => at > now - WITHIN_MS) : []
            ofConversation.set(name, { what, at: [...recent, now] })
            if (recent.length < TIMES_MAX) continue
            report(`${server} told ${name} ${lease.status ?? ''} ${recent.length + 1} times in a row`)
          }
        }
      },
    }
  },
})

/** UPDDONE too: what was refused on the way to it is told once more after it. */
function asksForUpdates({ type }: { readonly type: number }): boolean {
  return type === MessageType.Updreq || type === MessageType.Updreqall || type === MessageType.Upddone
}

/** Whoever leaves in good order tells first what is owed, without waiting for the scan (decision 0089). */
function tellsBeforeLeaving(event: EngineEvent): boolean {
  if (event.kind !== 'command-received') return false
  return event.command.kind === 'hand-over' || event.command.kind === 'shut-down'
}

/** All by which one telling of a lease differs from the next. */
function whatIsTold({
  status,
  client,
  statusSince,
  statusExpiresAt,
  clientHeardAt,
  partnerLifetime,
}: UpdatedLease): string {
  return [status, client, statusSince, statusExpiresAt, clientHeardAt, partnerLifetime].join(' ')
}
