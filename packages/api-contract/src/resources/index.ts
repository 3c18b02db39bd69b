/** Every route there is: a resource is a file and a line here. */
import type { RouteDefinition } from '../define-route.ts'
import { listAccountSharing } from './account-sharing.ts'
import { createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts'
import { listAudit } from './audit.ts'
import {
  cancelBulkRelease,
  getBulkRelease,
  listBulkReleases,
  previewBulkRelease,
  startBulkRelease,
} from './bulk-releases.ts'
import { listChecks } from './checks.ts'
import { compareConfigurations } from './configuration-comparison.ts'
import { listDecisions } from './decisions.ts'
import { getFailoverStates } from './failover-states.ts'
import { getHealth, getReadiness } from './health.ts'
import { compareLeases } from './lease-comparison.ts'
import { listLeaseEvents } from './lease-events.ts'
import {
  exportLeases,
  getLease,
  getPartnerLease,
  listLeaseChanges,
  listLeases,
  releaseLease,
  resendLease,
  resetLease,
} from './leases.ts'
import {
  changeOperator,
  createOperator,
  getOperator,
  listOperators,
  removeOperator,
  resetOperatorPassword,
} from './operators.ts'
import { drainPool, getPartnerPool, listPoolHistory, listPools, stopDraining } from './pools.ts'
import {
  declarePartnerDown,
  getRelationship,
  handOver,
  listRelationships,
  listTransitions,
  rebalance,
  resync,
  takeBack,
} from './relationships.ts'
import { getServer, listTraffic } from './server.ts'
import {
  changeOwnPassword,
  endOtherOwnSessions,
  endOwnSession,
  endSession,
  extendSession,
  getSession,
  getSetup,
  listOwnSessions,
  listSessions,
  setUp,
  signIn,
  signOut,
} from './sessions.ts'
import { createSignInCode, signInFromPartner } from './sign-in-codes.ts'
import {
  cancelTableComparison,
  getTableComparison,
  repairTableComparison,
  startTableComparison,
} from './table-comparison.ts'
import { getTimeline } from './timeline.ts'
import { beginWebhook, createWebhook, listWebhooks, removeWebhook, testWebhook } from './webhooks.ts'

export const routes = {
  getHealth,
  getReadiness,
  getServer,
  listTraffic,
  listChecks,
  listRelationships,
  getRelationship,
  listTransitions,
  getTimeline,
  declarePartnerDown,
  handOver,
  takeBack,
  resync,
  rebalance,
  compareConfigurations,
  getTableComparison,
  startTableComparison,
  cancelTableComparison,
  repairTableComparison,
  getFailoverStates,
  listPools,
  listPoolHistory,
  getPartnerPool,
  drainPool,
  stopDraining,
  listLeases,
  exportLeases,
  compareLeases,
  getLease,
  getPartnerLease,
  resetLease,
  releaseLease,
  resendLease,
  listLeaseChanges,
  listBulkReleases,
  previewBulkRelease,
  startBulkRelease,
  getBulkRelease,
  cancelBulkRelease,
  listLeaseEvents,
  listDecisions,
  listAudit,
  getSetup,
  setUp,
  signIn,
  signInFromPartner,
  createSignInCode,
  getSession,
  signOut,
  extendSession,
  changeOwnPassword,
  listOwnSessions,
  endOwnSession,
  endOtherOwnSessions,
  listSessions,
  endSession,
  listAccountSharing,
  listOperators,
  createOperator,
  getOperator,
  changeOperator,
  resetOperatorPassword,
  removeOperator,
  listApiTokens,
  createApiToken,
  revokeApiToken,
  listWebhooks,
  createWebhook,
  removeWebhook,
  testWebhook,
  beginWebhook,
} as const satisfies Record<string, RouteDefinition>

export type RouteName = keyof typeof routes
