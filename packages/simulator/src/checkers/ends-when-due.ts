/** A lease is ended by a server's own clock when its time is over, and not before what was acknowledged to the partner (RFC 8156 section 7.2, digest A20). */
import { keyOf } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { defineChecker } from './checker.ts'

export const endsWhenDue = defineChecker({
  name: 'ends-when-due',
  property: 'No server ends a lease before its time, nor before the time that it acknowledged to the partner.',
  watch: ({ onlooker, report }) => ({
    decided(server, event, effects, _engine, now) {
      if (event.kind !== 'deadline-reached') return
      for (const change of effects.commit) {
        if (change.kind !== 'binding-put' || change.binding.status !== 'EXPIRED') continue
        const before = onlooker.lease(server, keyOf(change.binding))
        if (before?.status !== 'ACTIVE') continue
        const partnerServes = (before.partnerHeardClientAt ?? 0) > (before.clientHeardAt ?? 0)
        const until = Math.max(before.statusExpiresAt ?? 0, partnerServes ? (before.expirationTime ?? 0) : 0)
        if (until <= now) continue
        report(`${server} ended ${nameOf(before)} ${Math.round((until - now) / 1000)} s before its time`)
      }
    },
  }),
})
