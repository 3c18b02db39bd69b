/** The pages of pools, read together. */
export { PoolPage } from './pool-page.tsx'
export { PoolsPage } from './pools-page.tsx'
