/** Builds the endpoints of a configuration and gives them the face that the door knows (RFC 8156 section 6.2). */
import type { Binding } from '../bindings/binding.ts'
import { Blindness } from './blindness.ts'
import { createServicePolicy } from './endpoint-policy.ts'
import { snapshotOf } from './endpoint-snapshot.ts'
import type { Updates, UpdatesHost } from './endpoint.ts'
import { Endpoints } from './endpoints.ts'
import type { Failover, FailoverOptions } from './failover.ts'
import { runCommand } from './operator-commands.ts'
import { RelationshipEndpoint } from './relationship-endpoint.ts'
import { createUpdates } from './updates/create-updates.ts'

export function createFailover(options: FailoverOptions): Failover {
  return createFailoverWith(options, createUpdates)
}

/** With the updates of one's choice, which is how the rest is tested alone. */
export function createFailoverWith(options: FailoverOptions, updatesOf: (host: UpdatesHost) => Updates): Failover {
  const endpoints = new Endpoints(
    options.configuration.relationships.map(
      (relationship) =>
        new RelationshipEndpoint({
          relationship,
          table: options.table,
          pools: options.pools,
          restored: options.restored.get(relationship.name),
          restoredReservations: options.restoredReservations.get(relationship.name),
          facts: options,
          createUpdates: updatesOf,
        }),
    ),
    new Blindness(options.configuration.listeners.map(({ id }) => id)),
  )
  let hasBegun = false
  return {
    policy: createServicePolicy(endpoints),
    begin(step) {
      if (hasBegun) return
      hasBegun = true
      for (const { agreement, machine } of endpoints.all()) {
        agreement.begin(step)
        machine.begin(step)
      }
    },
    receive(step, event) {
      endpoints.receive(step, event)
      endpoints.finishShutDownIfDrained(step)
    },
    runDeadlines(step) {
      endpoints.runDeadlines(step)
      endpoints.finishShutDownIfDrained(step)
    },
    nextDeadline: () => endpoints.nextDeadline(),
    command: (step, event) =>
      runCommand(step, event, { endpoints, table: options.table, drains: options.pools.drains }),
    timeGap: (step, from) => endpoints.timeGap(step, from),
    listenersChanged(step, event) {
      endpoints.listenersChanged(step, event.down)
      endpoints.finishShutDownIfDrained(step)
    },
    blindness: endpoints.blindness,
    leftToPrimary: (step, relationship, question) => endpoints.get(relationship)?.leftToPrimary(step, question),
    takeLeftQuestions: (now) => endpoints.takeLeftQuestions(now),
    announce(step, changed) {
      if (changed.length === 0) return
      for (const [relationship, ofEndpoint] of byRelationship(changed))
        endpoints.get(relationship)?.announce(step, ofEndpoint)
    },
    snapshot: (now) => [...endpoints.all()].map((endpoint) => snapshotOf(endpoint, now)),
    remembered: () => ({
      endpoints: [...endpoints.all()].map(({ machine }) => machine.record),
      reservations: [...endpoints.all()].map(({ agreement }) => agreement.record),
    }),
  }
}

function byRelationship(changed: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const found = new Map<string, Binding[]>()
  for (const binding of changed) {
    if (binding.relationship === undefined) continue
    const before = found.get(binding.relationship)
    if (before === undefined) found.set(binding.relationship, [binding])
    else before.push(binding)
  }
  return found
}
