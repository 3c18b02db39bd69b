/** Every route there is: a resource is a file and a line here. */
import type { RouteDefinition } from '../define-route.ts'
import { createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts'
import { listAudit } from './audit.ts'
import { listDecisions } from './decisions.ts'
import { getHealth } from './health.ts'
import { getLease, listLeaseChanges, listLeases, resetLease } from './leases.ts'
import { createOperator, listOperators } from './operators.ts'
import { listPools } from './pools.ts'
import { declarePartnerDown, getRelationship, listRelationships, listTransitions } from './relationships.ts'
import { getServer } from './server.ts'
import { getSession, getSetup, setUp, signIn, signOut } from './sessions.ts'

export const routes = {
  getHealth,
  getServer,
  listRelationships,
  getRelationship,
  listTransitions,
  declarePartnerDown,
  listPools,
  listLeases,
  getLease,
  resetLease,
  listLeaseChanges,
  listDecisions,
  listAudit,
  getSetup,
  setUp,
  signIn,
  getSession,
  signOut,
  listOperators,
  createOperator,
  listApiTokens,
  createApiToken,
  revokeApiToken,
} as const satisfies Record<string, RouteDefinition>

export type RouteName = keyof typeof routes
