/** What a console is to show at once, apart from what moves with every client: counts are published once a second. */
import type { EngineSnapshot } from '@tandem/engine'

/** Differs when something has changed that cannot wait. */
export function whatCannotWait({ relationships, listenersDown, blindSince, pools }: EngineSnapshot): string {
  return JSON.stringify([
    blindSince,
    pools.flatMap(({ id, drain }) => (drain === undefined ? [] : [[id, drain.since]])),
    listenersDown.map(({ listenerId, reason }) => [listenerId, reason]),
    relationships.map((relationship) => [
      relationship.name,
      relationship.state,
      relationship.stateSince,
      relationship.answers,
      relationship.blind?.since,
      relationship.handedOver?.since,
      relationship.partner?.state,
      relationship.partner?.startup,
      relationship.communicationsOk,
      relationship.connection.phase,
      relationship.connection.secured,
      relationship.connection.lastProblem,
      relationship.partnerInformed,
      relationship.partnerDownSince,
      relationship.unansweredClients.alarm,
      relationship.resync?.direction,
      relationship.commands,
    ]),
  ])
}
