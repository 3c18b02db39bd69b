/** What decides whether the partner may be declared down, as it is now (decisions 0071 to 0073). */
import type { RelationshipEndpoint } from './relationship-endpoint.ts'
import type { CommandSituation } from './transitions/command-transitions.ts'

export function commandSituation(endpoint: RelationshipEndpoint): CommandSituation {
  const { record, state, partnerHeardSinceStart } = endpoint.machine
  return {
    state,
    communicationsOk: endpoint.communicationsOk(),
    isBlind: endpoint.blind !== undefined,
    partnerEverHeard: record.communicated,
    partnerHeardSinceStart,
    partnerServedAlone: record.partner?.partnerDownSince !== undefined,
  }
}
