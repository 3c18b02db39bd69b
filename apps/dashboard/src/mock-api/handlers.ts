/** Every route of the contract, answered from the mock world; typed by the list of routes, so none can be missing. */
import {
  API_PREFIX,
  compareLeases,
  declarePartnerDown,
  DecisionQuery,
  drainPool,
  failoverStateMachine,
  handOver,
  LeaseQuery,
  poolKeyOf,
  PROBLEM_CONTENT_TYPE,
  previewBulkRelease,
  releaseLease,
  resendLease,
  resetLease,
  roleMay,
  routeExamples,
  routes,
  setUp,
  signIn,
} from '@tandem/api-contract'
import type { Relationship, RouteDefinition, RouteName } from '@tandem/api-contract'
import { http, HttpResponse } from 'msw'
import type { HttpHandler, HttpResponseResolver } from 'msw'
import { accountAnswers } from './account-answers.ts'
import { changesOf, decisionsIn } from './explanations.ts'
import { poolHistory, trafficHistory } from './histories.ts'
import {
  checksOf,
  comparisonsOf,
  configurationsOf,
  partnerLeaseOf,
  partnerPoolOf,
  timelineOf,
} from './partner-views.ts'
import { drainingOf } from './pools.ts'
import { refuse, Refused } from './refused.ts'
import { handedOver, takenBack } from './handed-over.ts'
import { declaredDown } from './relationships.ts'
import type { MockWorld } from './world.ts'

export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

export type Answers = { readonly [Name in RouteName]: (call: Call) => unknown }

function answers(world: MockWorld): Answers {
  return {
    getHealth: () => ({ status: 'up' }),
    getReadiness: () => ({ status: 'ready' }),
    getServer: () => world.server,
    listTraffic: ({ query }) => trafficHistory(world, query),
    listRelationships: () => ({ items: world.relationships }),
    getRelationship: ({ params }) => relationshipOf(world, params['name']),
    listChecks: () => checksOf(world),
    getTimeline: ({ params }) => timelineOf(relationshipOf(world, params['name'])),
    listTransitions: ({ params }) => ({ items: relationshipOf(world, params['name']).transitions, nextCursor: null }),
    declarePartnerDown: ({ params, body }) => declare(world, params['name'], body),
    handOver: ({ params, body }) => command(world, params['name'], body, 'handOver', handedOver),
    takeBack: ({ params, body }) => command(world, params['name'], body, 'takeBack', takenBack),
    resync: ({ params, body }) => command(world, params['name'], body, 'resync', (of) => of),
    rebalance: ({ params, body }) =>
      command(world, params['name'], body, 'rebalance', (of) => ({ ...of, imbalances: [] })),
    compareConfigurations: ({ params }) => configurationsOf(relationshipOf(world, params['name'])),
    getTableComparison: ({ params }) => world.comparisons.of(relationshipOf(world, params['name'])),
    startTableComparison: ({ params }) => world.comparisons.start(relationshipOf(world, params['name'])),
    cancelTableComparison: ({ params }) => world.comparisons.cancel(relationshipOf(world, params['name'])),
    repairTableComparison: ({ params, body }) => world.comparisons.repair(relationshipOf(world, params['name']), body),
    getFailoverStates: () => failoverStateMachine,
    listPools: () => ({ ...world.pools, nextCursor: null }),
    getPartnerPool: ({ params }) => partnerPoolOf(world, params['pool'] ?? ''),
    drainPool: ({ params, body }) => drain(world, params['pool'] ?? '', body),
    stopDraining: ({ params, body }) => drain(world, params['pool'] ?? '', body, false),
    listPoolHistory: ({ params, query }) => poolHistory(world, params['pool'] ?? '', query),
    listLeases: ({ query }) => world.leases.page(LeaseQuery.parse(query)),
    compareLeases: ({ query }) => comparisonsOf(world, compareLeases.query.parse(query).leases),
    exportLeases: () => routeExamples.exportLeases.answerText,
    getLease: ({ params }) => leaseOf(world, params['address']),
    getPartnerLease: ({ params }) =>
      partnerLeaseOf(leaseOf(world, params['address']), world.relationships[0]?.partnerView ?? null),
    resetLease: ({ params, body }) => reset(world, params['address'] ?? '', body),
    releaseLease: ({ params, body }) => release(world, params['address'] ?? '', body),
    resendLease: ({ params, body }) => resend(world, params['address'] ?? '', body),
    listLeaseChanges: ({ params }) => ({
      items: changesOf(world.leases.find(params['address'] ?? '')),
      nextCursor: null,
    }),
    listBulkReleases: () => world.bulkReleases.list(),
    previewBulkRelease: ({ query }) => world.bulkReleases.preview(previewBulkRelease.query.parse(query)),
    startBulkRelease: ({ body }) => world.bulkReleases.start(body),
    getBulkRelease: ({ params }) => world.bulkReleases.find(params['id']),
    cancelBulkRelease: ({ params }) => world.bulkReleases.cancel(params['id']),
    listLeaseEvents: () => routeExamples.listLeaseEvents.answer,
    listDecisions: ({ query }) => ({ items: decisionsIn(world, DecisionQuery.parse(query)), nextCursor: null }),
    listAudit: () => ({ items: world.audit, nextCursor: null }),
    getSetup: () => ({ required: world.scenario === 'setup' && world.session === null, serverName: 'alpha' }),
    setUp: ({ body }) => world.signIn(setUp.body.parse(body).name),
    signIn: ({ body }) => {
      const { name, password } = signIn.body.parse(body)
      if (password === 'wrong') refuse(401, 'wrong-credentials', 'Name or password is wrong.', 'Try again.')
      return world.signIn(name)
    },
    signInFromPartner: () => world.signIn('ada'),
    createSignInCode: () => ({
      serverName: 'beta',
      // Of the mock itself: there is no other console.
      url: `${location.origin}/sign-in/from-partner#relationship=alpha-beta&code=mock`,
      expiresAt: new Date(Date.now() + 30_000).toISOString(),
    }),
    getSession: () => world.session,
    signOut: () => world.signOut(),
    ...accountAnswers(world),
  }
}

function relationshipOf(world: MockWorld, name: string | undefined) {
  return (
    world.relationships.find((each) => each.name === name) ??
    refuse(404, 'not-found', `There is no relationship ${name}.`, 'See the list of relationships.')
  )
}

function declare(world: MockWorld, name: string | undefined, body: unknown) {
  const { reason, seenState, force, downSince } = declarePartnerDown.body.parse(body)
  const relationship = relationshipOf(world, name)
  const { allowed, needsForce, forceAdmits, because } = relationship.commands.declarePartnerDown
  const currentState = relationship.state
  const look = 'Look at the relationship again and decide anew.'
  if (reason === 'race') {
    refuse(409, 'refused', `The state is ${currentState} now, not ${seenState}.`, look, {
      refusal: 'state-changed',
      currentState,
    })
  }
  if (!allowed) refuse(409, 'refused', because, look, { refusal: 'state-does-not-allow', currentState })
  if (needsForce && !force) {
    refuse(409, 'refused', because, look, { refusal: forceAdmits ?? 'partner-in-contact', currentState })
  }
  const changed = declaredDown(relationship, world.session?.operator.name ?? 'nobody', reason, downSince)
  world.replaceRelationship(changed)
  return changed
}

function command(
  world: MockWorld,
  name: string | undefined,
  body: unknown,
  which: Exclude<keyof Relationship['commands'], 'declarePartnerDown'>,
  change: (of: Relationship, operator: string, reason: string) => Relationship,
): Relationship {
  const { reason } = handOver.body.parse(body)
  const relationship = world.relationships.find((each) => each.name === name)
  if (relationship === undefined) return refuse(404, 'not-found', `There is no relationship ${name}.`, 'Look again.')
  const { allowed, because } = relationship.commands[which]
  if (!allowed) refuse(409, 'refused', because, 'Look again.', { refusal: 'state-does-not-allow' })
  const changed = change(relationship, world.session?.operator.name ?? 'nobody', reason)
  world.replaceRelationship(changed)
  return changed
}

function drain(world: MockWorld, key: string, body: unknown, begins = true) {
  const { reason } = drainPool.body.parse(body)
  const find = () => world.pools.items.find(({ id }) => poolKeyOf(id) === poolKeyOf(key))
  const pool = find()
  if (pool === undefined) return refuse(404, 'not-found', `There is no pool ${key}.`, 'Look at the list of pools.')
  if (begins) world.drains.set(pool.id, drainingOf(pool, world.session?.operator.name ?? 'nobody', reason))
  else world.drains.delete(pool.id)
  world.tell({ kind: 'pools-changed', pools: world.pools })
  return find()
}

function reset(world: MockWorld, address: string, body: unknown) {
  resetLease.body.parse(body)
  return endLease(world, address, 'abandoned', 'lease-not-quarantined')
}

function release(world: MockWorld, address: string, body: unknown) {
  releaseLease.body.parse(body)
  return endLease(world, address, 'active', 'lease-not-active')
}

function resend(world: MockWorld, address: string, body: unknown) {
  resendLease.body.parse(body)
  return world.leases.replace({ ...leaseOf(world, address), owedToPartner: true })
}

function endLease(
  world: MockWorld,
  address: string,
  from: 'abandoned' | 'active',
  refusal: 'lease-not-quarantined' | 'lease-not-active',
) {
  const lease = world.leases.find(address)
  const look = 'Look at the lease again.'
  if (lease === undefined) return refuse(404, 'not-found', `There is no lease of ${address}.`, look)
  if (lease.state !== from) refuse(409, 'refused', `${lease.lease} is ${lease.state}.`, look, { refusal })
  return world.leases.replace({ ...lease, state: 'reset', stateSince: new Date().toISOString(), owedToPartner: true })
}

export function handlersOf(world: MockWorld): readonly HttpHandler[] {
  const all = answers(world)
  return Object.entries<RouteDefinition>(routes).map(([name, route]) => {
    // The keys of `routes` are the names of the routes.
    const answer = all[name as RouteName]
    const resolve: HttpResponseResolver = async ({ request, params }) => {
      try {
        permit(world, route)
        const query = Object.fromEntries(new URL(request.url).searchParams)
        const body: unknown = request.method === 'GET' ? undefined : await request.json().catch(() => undefined)
        const filled = Object.fromEntries(
          Object.entries(params).map(([key, value]) => [key, decodeURIComponent(String(value))]),
        )
        const result = answer({ params: filled, query, body })
        if (route.answerText !== undefined) {
          return new HttpResponse(String(result), { headers: { 'Content-Type': `${route.answerText}; charset=utf-8` } })
        }
        return route.answer === undefined
          ? new HttpResponse(null, { status: 204 })
          : new HttpResponse(JSON.stringify(result), {
              status: route.answerStatus ?? 200,
              headers: { 'Content-Type': 'application/json' },
            })
      } catch (error) {
        return problemResponse(error)
      }
    }
    return listen(route.method, `${API_PREFIX}${route.path}`, resolve)
  })
}

function permit(world: MockWorld, { permission }: RouteDefinition): void {
  if (permission === 'open') return
  if (world.session === null) refuse(401, 'not-signed-in', 'Nobody is signed in.', 'Sign in.')
  if (!roleMay(world.session.operator.role, permission)) {
    refuse(403, 'role-too-small', 'This needs the role administrator.', 'Ask an administrator.')
  }
  if (world.scenario === 'error' && permission !== 'session.own') {
    refuse(503, 'unavailable', 'The data plane does not answer.', 'Look at the log of the server.')
  }
}

function listen(method: RouteDefinition['method'], path: string, resolve: HttpResponseResolver): HttpHandler {
  switch (method) {
    case 'GET':
      return http.get(path, resolve)
    case 'POST':
      return http.post(path, resolve)
    case 'PATCH':
      return http.patch(path, resolve)
    case 'PUT':
      return http.put(path, resolve)
    case 'DELETE':
      return http.delete(path, resolve)
  }
}

function problemResponse(error: unknown): Response {
  const refused =
    error instanceof Refused
      ? error
      : new Refused(400, 'invalid-request', error instanceof Error ? error.message : 'unknown', 'Correct the request.')
  return new HttpResponse(JSON.stringify(refused.problem), {
    status: refused.problem.status,
    headers: { 'Content-Type': PROBLEM_CONTENT_TYPE },
  })
}

function leaseOf(world: MockWorld, address = '') {
  return (
    world.leases.find(address) ??
    refuse(404, 'not-found', `There is no lease of ${address}.`, 'Look for it in the list of leases.')
  )
}
