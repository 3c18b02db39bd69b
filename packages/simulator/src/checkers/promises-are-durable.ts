/** What a client or the partner is told is on the teller's disk (architecture, rule 3; RFC 8156 sections 4.3 and 7.5.5). */
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { bindingKey, keyOf, type Binding } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { readFrame, updatedLeases } from '../world/read-frame.ts'
import { defineChecker, roleOf } from './checker.ts'
import { promisedBy } from './read-reply.ts'

/** Of one lease on one server. */
const RECORDS_MAX = 21

export const promisesAreDurable = defineChecker({
  name: 'promises-are-durable',
  property: 'Every released promise was durable.',
  watch: ({ world, report }) => {
    /** Per server and lease: every record that was ever committed, newest last, as far as it may still be answered with. */
    const committed = new Map<string, Binding[]>()
    const recordsOf = (server: string, key: string): readonly Binding[] => committed.get(`${server} ${key}`) ?? []
    const note = (server: string, binding: Binding): void => {
      const key = `${server} ${keyOf(binding)}`
      const records = committed.get(key)
      if (records === undefined) committed.set(key, [binding])
      else if (records.push(binding) > RECORDS_MAX) records.shift()
    }
    return {
      /** Written just before it fell, and told to nobody: what it finds on its disk is on its disk. */
      started(server) {
        for (const binding of world.server(roleOf(server)).store.bindings()) {
          if (recordsOf(server, keyOf(binding)).at(-1) !== binding) note(server, binding)
        }
      },
      erased(server) {
        for (const key of committed.keys()) if (key.startsWith(`${server} `)) committed.delete(key)
      },
      committed(server, changes) {
        for (const change of changes) {
          if (change.kind === 'binding-put') note(server, change.binding)
        }
      },
      released(server, output) {
        const promised = promisedBy(output)
        for (const lease of promised?.leases ?? []) {
          const until = (promised?.requestArrivedAt ?? 0) + lease.validSeconds * 1000
          const isOnDisk = recordsOf(server, bindingKey(lease.kind, lease.prefix)).some(
            (binding) =>
              binding.status === 'ACTIVE' &&
              binding.client?.duid === promised?.client &&
              (binding.statusExpiresAt ?? 0) >= until,
          )
          if (!isOnDisk) report(`${server} promised ${nameOf(lease)} for ${lease.validSeconds} s before it was on disk`)
        }
        const message = readFrame(output)
        if (message?.type !== MessageType.Bndreply) return
        for (const lease of updatedLeases(message.options)) {
          if (lease.refusal !== undefined) continue
          const records = recordsOf(server, bindingKey(lease.kind, lease.prefix))
          const told = lease.partnerLifetimeSent
          const isOnDisk =
            told === undefined || told === 0
              ? records.length > 0
              : records.some(({ expirationTime }) => toDhcpTime(expirationTime ?? world.schedule.now) >= told)
          if (!isOnDisk) report(`${server} acknowledged ${nameOf(lease)} before it was on disk`)
        }
      },
    }
  },
})
