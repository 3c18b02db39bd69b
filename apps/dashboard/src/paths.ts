/** Every link of the console is made here. */
import { leaseKeyOf, poolKeyOf } from '@tandem/api-contract'

export const paths = {
  overview: () => '/',
  signIn: () => '/sign-in',
  leases: () => '/leases',
  leaseTail: () => '/leases/live',
  leasesOfSubnet: (subnetId: string) => `/leases?subnet=${encodeURIComponent(subnetId)}`,
  leasesOfClient: (duid: string) => `/leases?duid=${encodeURIComponent(duid)}`,
  lease: (lease: string) => `/leases/${encodeURIComponent(leaseKeyOf(lease))}`,
  pools: () => '/pools',
  pool: (id: string) => `/pools/${encodeURIComponent(poolKeyOf(id))}`,
  traffic: () => '/traffic',
  relationships: () => '/relationships',
  relationship: (name: string) => `/relationships/${encodeURIComponent(name)}`,
  timeline: (relationship: string) => `/relationships/${encodeURIComponent(relationship)}/timeline`,
  decisions: () => '/decisions',
  decisionsOnLease: (lease: string) => `/decisions?lease=${encodeURIComponent(lease)}`,
  checks: () => '/checks',
  audit: () => '/audit',
  access: () => '/access',
  operators: () => '/access/operators',
  apiTokens: () => '/access/tokens',
  webhooks: () => '/access/webhooks',
  sessions: () => '/access/sessions',
  account: () => '/account',
  apiDocumentation: () => '/api/docs',
} as const
