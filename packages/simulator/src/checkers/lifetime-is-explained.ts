/** What a server records of why a lease runs for so long gives the lifetime that the client was told (RFC 8156 sections 4.4 and 8.4.1). */
import { bindingKey, explainLifetime, keyOf } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

export const lifetimeIsExplained = defineChecker({
  name: 'lifetime-is-explained',
  property: 'The explanation on record of each lifetime adds up to the lifetime that was sent.',
  watch: ({ onlooker, report }) => ({
    decided(server, _event, effects, _engine, now) {
      for (const output of effects.afterCommit) {
        for (const lease of promisedBy(output)?.leases ?? []) {
          const key = bindingKey(lease.kind, lease.prefix)
          const decided = effects.commit.flatMap((change) =>
            change.kind === 'binding-put' && keyOf(change.binding) === key ? [change.binding] : [],
          )
          const record = decided.at(-1)
          const explained = record === undefined ? undefined : explainLifetime(record)
          if (explained?.grantedBy !== 'this-server' || explained.at !== now) {
            report(`${server} gave ${nameOf(lease)} and has no explanation of it`)
            continue
          }
          const { rule, ackedPartnerLifetime } = explained
          const left = Math.max(0, Math.floor(((ackedPartnerLifetime ?? now) - now) / 1000))
          const bound = rule.mcltSeconds === undefined ? Infinity : rule.mcltSeconds + left
          const promised = Math.floor(((onlooker.lease(server, key)?.statusExpiresAt ?? now) - now) / 1000)
          const seconds = { mclt: bound, configuration: rule.desiredSeconds, drain: promised }[rule.limitedBy]
          const isLimit = rule.limitedBy === 'mclt' || seconds <= Math.min(bound, rule.desiredSeconds)
          if (seconds === lease.validSeconds && explained.validSeconds === seconds && isLimit) continue
          report(`${server} gave ${nameOf(lease)} for ${lease.validSeconds} s; its explanation gives ${seconds} s`)
        }
      }
    },
  }),
})
