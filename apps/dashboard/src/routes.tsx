/** Every URL of the console. */
import type { RouteObject } from 'react-router'
import { SignedInShell } from './pages/app-shell/app-shell.tsx'
import { AuditPage } from './pages/audit/audit-page.tsx'
import { LeasePage } from './pages/leases/lease-page.tsx'
import { LeasesPage } from './pages/leases/leases-page.tsx'
import { BrokenPage, NotFoundPage } from './pages/not-found/not-found-page.tsx'
import { OverviewPage } from './pages/overview/overview-page.tsx'
import { Loading } from './ui/empty.tsx'
import { SignInPage } from './pages/sign-in/sign-in-page.tsx'

const relationshipPages = () => import('./pages/relationships/index.ts')
const poolPages = () => import('./pages/pools/index.ts')

/** Not needed for the first screen, but whoever watches a server that is about to fall silent has to have them by then. */
export function fetchPagesForEmergencies(): void {
  relationshipPages().catch(() => undefined)
  poolPages().catch(() => undefined)
}

export const routes: RouteObject[] = [
  { path: '/sign-in', element: <SignInPage />, errorElement: <BrokenPage /> },
  {
    path: '/sign-in/from-partner',
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading what="the page" />,
    lazy: async () => ({ Component: (await import('./pages/sign-in/from-partner-page.tsx')).FromPartnerPage }),
  },
  {
    path: '/',
    element: <SignedInShell />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Loading what="the page" />,
    children: [
      {
        errorElement: <BrokenPage />,
        children: [
          { index: true, element: <OverviewPage /> },
          { path: 'leases', element: <LeasesPage /> },
          {
            path: 'leases/live',
            lazy: async () => ({ Component: (await import('./pages/leases/lease-tail-page.tsx')).LeaseTailPage }),
          },
          { path: 'leases/:lease', element: <LeasePage /> },
          {
            path: 'relationships',
            lazy: async () => ({ Component: (await relationshipPages()).RelationshipsPage }),
          },
          {
            path: 'relationships/:name',
            lazy: async () => ({ Component: (await relationshipPages()).RelationshipPage }),
          },
          {
            path: 'relationships/:name/timeline',
            lazy: async () => ({ Component: (await relationshipPages()).TimelinePage }),
          },
          {
            path: 'pools',
            lazy: async () => ({ Component: (await poolPages()).PoolsPage }),
          },
          {
            path: 'pools/:pool',
            lazy: async () => ({ Component: (await poolPages()).PoolPage }),
          },
          { path: 'audit', element: <AuditPage /> },
          // Seldom needed: read when they are.
          {
            path: 'traffic',
            lazy: async () => ({ Component: (await import('./pages/traffic/traffic-page.tsx')).TrafficPage }),
          },
          {
            path: 'decisions',
            lazy: async () => ({ Component: (await import('./pages/decisions/decisions-page.tsx')).DecisionsPage }),
          },
          {
            path: 'checks',
            lazy: async () => ({ Component: (await import('./pages/checks/checks-page.tsx')).ChecksPage }),
          },
          {
            path: 'account',
            lazy: async () => ({ Component: (await import('./pages/account/account-page.tsx')).AccountPage }),
          },
          {
            path: 'access/operators',
            lazy: async () => ({ Component: (await import('./pages/access/operators-page.tsx')).OperatorsPage }),
          },
          {
            path: 'access/tokens',
            lazy: async () => ({ Component: (await import('./pages/access/api-tokens-page.tsx')).ApiTokensPage }),
          },
          {
            path: 'access/webhooks',
            lazy: async () => ({ Component: (await import('./pages/access/webhooks-page.tsx')).WebhooksPage }),
          },
          {
            path: 'access/sessions',
            lazy: async () => ({ Component: (await import('./pages/access/sessions-page.tsx')).SessionsPage }),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]
