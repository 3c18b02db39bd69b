/** A secondary does not give back a block out of which it has leased and has not told (RFC 8156 section 4.2.2). */
import { prefixContainsPrefix, MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { updatedLeases } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'
import { hasNothingOfItsOwn } from './fetches-everything.ts'

export const takeBackSparesLeases = defineChecker({
  name: 'take-back-spares-leases',
  property: 'No block is given back while a lease out of it is not known to the primary.',
  watch: ({ onlooker, report }) => ({
    decided(server, _event, _effects, _engine, now) {
      const { received, sent } = onlooker.messages
      if (server !== 'secondary' || received?.type !== MessageType.Bndupd) return
      // What a server that has lost its store holds, it has from the primary, also what it keeps for longer and owes.
      if (hasNothingOfItsOwn(onlooker.endpointOf(server))) return
      for (const told of updatedLeases(received.options)) {
        if (told.kind !== 'prefix' || told.status !== 'FREE' || told.client !== undefined) continue
        const answer = sent.find(({ type }) => type === MessageType.Bndreply)
        const isTaken = updatedLeases(answer?.options ?? []).some(({ refusal }) => refusal === undefined)
        for (const lease of isTaken ? onlooker.leases(server) : []) {
          const isInside = lease.kind === 'prefix' && prefixContainsPrefix(told.prefix, lease.prefix)
          if (!isInside || lease.status !== 'ACTIVE' || !lease.owedToPartner) continue
          // Just this prefix, told free when its lease has run out here, is free (Figure 4, "time(1)").
          const isSame = lease.prefix.length === told.prefix.length
          if (isSame && lease.statusExpiresAt !== undefined && lease.statusExpiresAt <= now) continue
          report(`${server} gave ${nameOf(told)} back, though it had leased ${nameOf(lease)} out of it`)
        }
      }
    },
  }),
})
