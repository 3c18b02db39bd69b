/** What decides about an operator's commands, as it is now (decisions 0071 to 0073, 0089). */
import type { RelationshipEndpoint } from './relationship-endpoint.ts'
import type { CommandSituation } from './transitions/command-transitions.ts'
import type { ServiceSituation } from './transitions/service-commands.ts'

export function commandSituation(endpoint: RelationshipEndpoint): CommandSituation {
  const { record, state, partnerHeardSinceStart } = endpoint.machine
  return {
    state,
    communicationsOk: endpoint.communicationsOk(),
    isBlind: endpoint.blind !== undefined,
    partnerEverHeard: record.communicated,
    partnerHeardSinceStart,
    partnerServedAlone: record.partner?.partnerDownSince !== undefined,
    isHandedOver: endpoint.handOver.stage !== undefined,
  }
}

export function serviceSituation(endpoint: RelationshipEndpoint): ServiceSituation {
  const { record, state, updatesRequested } = endpoint.machine
  return {
    state,
    role: endpoint.role,
    communicationsOk: endpoint.communicationsOk(),
    partnerState: record.partner?.state,
    handedOver: endpoint.handOver.stage,
    isFetching: updatesRequested,
    sharesPools: endpoint.updates.imbalances() !== undefined,
  }
}
