/** One right request and its answer for every route: documents show them, and tests begin with them. */
import type * as z from 'zod'
import type { RouteDefinition } from '../define-route.ts'
import { failoverStateMachine } from '../failover-states/transition-table.ts'
import type { routes } from '../resources/index.ts'
import type { RouteName } from '../resources/index.ts'
import { leaseExportColumns } from '../resources/leases.ts'
import {
  accountSharingExample,
  apiTokenExample,
  auditEntryExample,
  decisionExample,
  operatorExample,
  PASSWORD,
  sessionEntryExample,
  sessionExample,
} from './access-examples.ts'
import { checksExample } from './checks-example.ts'
import { configurationComparisonExample } from './configuration-comparison-example.ts'
import { bulkReleaseExample, bulkReleasePreviewExample } from './bulk-release-example.ts'
import {
  leaseChangeExample,
  leaseComparisonsExample,
  leaseEventExample,
  leaseExample,
  partnerLeaseExample,
  quarantinedLeaseExample,
  releasedLeaseExample,
  resetLeaseExample,
} from './lease-example.ts'
import { webhookExample, webhookNotBegunExample } from './webhook-example.ts'
import { drainedPoolExample, partnerPoolExample, poolExample, poolPointExample } from './pool-example.ts'
import { poolKeyOf } from '../resources/pools.ts'
import {
  relationshipExample,
  relationshipHandedOver,
  relationshipInPartnerDown,
  transitionExample,
} from './relationship-example.ts'
import { serverExample, trafficPointExample } from './server-example.ts'
import {
  repairedTableComparisonExample,
  runningTableComparisonExample,
  tableComparisonExample,
} from './table-comparison-example.ts'
import { timelineExample } from './timeline-example.ts'

type Part<R, Key extends string> = R extends { readonly [K in Key]: infer S extends z.ZodType }
  ? { readonly [K in Key]: z.input<S> }
  : object

/** What goes in as its caller writes it, and what comes back; of the query only what is worth showing. */
export type RouteExample<R extends RouteDefinition = RouteDefinition> = Part<R, 'params'> &
  Partial<Part<R, 'query'>> &
  Part<R, 'body'> &
  Part<R, 'answer'> &
  (R extends { answerText: string } ? { readonly answerText: string } : object)

const named = { name: 'alpha-beta' }
const NEXT = 'WzQxXQ'
const operator = { id: operatorExample.id }

export const routeExamples: { readonly [Name in RouteName]: RouteExample<(typeof routes)[Name]> } = {
  getHealth: { answer: { status: 'up' } },
  getReadiness: { answer: { status: 'ready' } },
  getServer: { answer: serverExample },
  listTraffic: {
    query: { step: '5min', limit: 1 },
    answer: { items: [trafficPointExample], nextCursor: NEXT, step: '5min' },
  },
  listChecks: { answer: checksExample },
  listRelationships: { answer: { items: [relationshipExample] } },
  getRelationship: { params: named, answer: relationshipExample },
  listTransitions: { params: named, query: { limit: 1 }, answer: { items: [transitionExample], nextCursor: NEXT } },
  getTimeline: {
    params: named,
    query: { to: timelineExample.to },
    answer: timelineExample,
  },
  declarePartnerDown: {
    params: named,
    body: { reason: 'its host burnt down', seenState: 'communications-interrupted' },
    answer: relationshipInPartnerDown,
  },
  handOver: { params: named, body: { reason: 'new memory for alpha' }, answer: relationshipHandedOver },
  takeBack: { params: named, body: { reason: 'alpha has its memory' }, answer: relationshipExample },
  resync: { params: named, body: { reason: 'a lease differed' }, answer: relationshipExample },
  rebalance: { params: named, body: { reason: 'before the holidays' }, answer: relationshipExample },
  compareConfigurations: { params: named, answer: configurationComparisonExample },
  getTableComparison: { params: named, answer: tableComparisonExample },
  startTableComparison: { params: named, answer: runningTableComparisonExample },
  cancelTableComparison: { params: named, answer: { ...tableComparisonExample, state: 'cancelled' } },
  repairTableComparison: {
    params: named,
    body: { reason: 'beta came back from a snapshot of its disk' },
    answer: repairedTableComparisonExample,
  },
  getFailoverStates: { answer: failoverStateMachine },
  listPools: {
    query: { subnet: 'offices' },
    answer: {
      items: [poolExample],
      commitNumber: '9071223',
      publishedAt: '2026-11-27T03:00:59.870Z',
      nextCursor: null,
    },
  },
  getPartnerPool: { params: { pool: poolKeyOf(poolExample.id) }, answer: partnerPoolExample },
  drainPool: {
    params: { pool: poolKeyOf(poolExample.id) },
    body: { reason: 'the offices get another prefix' },
    answer: drainedPoolExample,
  },
  stopDraining: {
    params: { pool: poolKeyOf(poolExample.id) },
    body: { reason: 'the offices keep their prefix' },
    answer: poolExample,
  },
  listPoolHistory: {
    params: { pool: poolExample.id },
    query: { step: '5min', limit: 1 },
    answer: { items: [poolPointExample], nextCursor: NEXT, step: '5min' },
  },
  listLeases: {
    query: { subnet: 'offices', state: 'active', limit: 1 },
    answer: { items: [leaseExample], nextCursor: NEXT, total: { count: '4711', exact: true } },
  },
  exportLeases: {
    query: { subnet: 'offices', state: 'active' },
    answerText:
      `${leaseExportColumns.join(',')}\r\n` +
      '2001:db8:1::1f4,address,active,2026-11-27T01:10:44.905Z,2026-11-27T02:10:44.905Z,00:03:00:01:02:5e:10:00:00:2a,IA_NA,1,' +
      'desk-17.example.org,offices,alpha-beta,2026-11-27T01:10:44.905Z,,false,2001:db8:ffff::2,2001:db8:1::1,port-1/7,\r\n',
  },
  compareLeases: {
    query: { leases: `${leaseExample.key},${quarantinedLeaseExample.key}` },
    answer: leaseComparisonsExample,
  },
  getLease: { params: { address: leaseExample.key }, answer: leaseExample },
  getPartnerLease: { params: { address: leaseExample.key }, answer: partnerLeaseExample },
  resetLease: {
    params: { address: quarantinedLeaseExample.key },
    body: { reason: 'the printer that had it was moved' },
    answer: resetLeaseExample,
  },
  releaseLease: {
    params: { address: leaseExample.key },
    body: { reason: 'the laptop that had it was stolen' },
    answer: releasedLeaseExample,
  },
  resendLease: {
    params: { address: leaseExample.key },
    body: { reason: 'beta has no record of it' },
    answer: { ...leaseExample, owedToPartner: true },
  },
  listLeaseChanges: {
    params: { address: leaseExample.key },
    answer: { items: [leaseChangeExample], nextCursor: null },
  },
  listBulkReleases: { answer: { items: [bulkReleaseExample] } },
  previewBulkRelease: { query: bulkReleaseExample.filter, answer: bulkReleasePreviewExample },
  startBulkRelease: {
    body: {
      filter: bulkReleaseExample.filter,
      expected: bulkReleasePreviewExample.releasable,
      asOf: bulkReleasePreviewExample.asOf,
      reason: bulkReleaseExample.reason,
    },
    answer: bulkReleaseExample,
  },
  getBulkRelease: { params: { id: bulkReleaseExample.id }, answer: bulkReleaseExample },
  cancelBulkRelease: {
    params: { id: bulkReleaseExample.id },
    answer: { ...bulkReleaseExample, state: 'cancelled', endedBy: 'bob', endedAt: '2026-11-27T03:00:04.512Z' },
  },
  listLeaseEvents: {
    query: { after: '1f0c22ab-9068809', subnet: 'homes', waitSeconds: 30 },
    answer: { items: [leaseEventExample], next: leaseEventExample.id, more: false },
  },
  listDecisions: { query: { kind: 'allocation-failed' }, answer: { items: [decisionExample], nextCursor: null } },
  listAudit: { query: { limit: 1 }, answer: { items: [auditEntryExample], nextCursor: NEXT } },
  getSetup: { answer: { required: true, serverName: 'beta' } },
  setUp: { body: { token: 'q3Wm-7tYp-kL2z', name: 'ada', password: PASSWORD }, answer: sessionExample },
  signIn: { body: { name: 'ada', password: PASSWORD }, answer: sessionExample },
  signInFromPartner: {
    body: { relationship: 'alpha-beta', code: 'zF0s3Wm7tYpkL2zQb6kV2tAJc4yu8Zr1bQm0rWc9xE4' },
    answer: sessionExample,
  },
  createSignInCode: {
    body: { relationship: 'alpha-beta' },
    answer: {
      serverName: 'alpha',
      url: 'https://alpha:8067/sign-in/from-partner#relationship=alpha-beta&code=zF0s3Wm7tYpkL2zQb6kV2tAJc4yu8Zr1bQm0rWc9xE4',
      expiresAt: '2026-11-27T03:01:35.000Z',
    },
  },
  getSession: { answer: sessionExample },
  signOut: {},
  extendSession: { body: { password: PASSWORD }, answer: sessionExample },
  changeOwnPassword: {
    body: { currentPassword: PASSWORD, newPassword: 'another horse, another battery' },
    answer: sessionExample,
  },
  listOwnSessions: { answer: { items: [sessionEntryExample] } },
  endOwnSession: { params: { id: sessionEntryExample.id } },
  endOtherOwnSessions: {},
  listSessions: { answer: { items: [sessionEntryExample] } },
  endSession: { params: { id: sessionEntryExample.id } },
  listAccountSharing: { answer: { items: [accountSharingExample] } },
  listOperators: { answer: { items: [operatorExample] } },
  createOperator: { body: { name: 'bob', password: PASSWORD, role: 'operator' }, answer: operatorExample },
  getOperator: { params: operator, answer: operatorExample },
  changeOperator: {
    params: operator,
    body: { role: 'viewer' },
    answer: { ...operatorExample, role: 'viewer', version: 'kV2tAJc4yu8Zr1bQm0rWb6' },
  },
  resetOperatorPassword: {
    params: operator,
    body: { password: PASSWORD },
    answer: { ...operatorExample, passwordIsTemporary: true, version: 'tAJc4yu8Zr1bQm0rWb6kV2' },
  },
  removeOperator: { params: operator },
  listApiTokens: { answer: { items: [apiTokenExample] } },
  createApiToken: {
    body: { name: 'monitoring', role: 'viewer', scope: ['status.read'], expiresAt: '2027-11-20T09:20:00.000Z' },
    answer: { ...apiTokenExample, lastUsedAt: null, token: 'tandem_shown-once-and-kept-nowhere' },
  },
  revokeApiToken: { params: { id: apiTokenExample.id } },
  listWebhooks: { answer: { items: [webhookExample] } },
  createWebhook: {
    body: {
      name: 'routes of the core',
      url: webhookExample.url,
      subnets: [],
      kinds: ['prefix'],
      events: ['assigned', 'ended'],
      begin: 'present',
      certificateAuthority: null,
    },
    answer: { ...webhookExample, delivery: webhookNotBegunExample, secret: 'whsec_shownonceandkeptbytheserversonly' },
  },
  removeWebhook: { params: { id: webhookExample.id } },
  testWebhook: {
    params: { id: webhookExample.id },
    answer: { accepted: false, status: 503, tookMs: 41, problem: 'it answered 503' },
  },
  beginWebhook: { params: { id: webhookExample.id }, body: { begin: 'oldest' }, answer: webhookExample },
}
