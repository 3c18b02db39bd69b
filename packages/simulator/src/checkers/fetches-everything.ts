/** A server that has lost its store and promised nothing since: whatever it holds it has from its partner, or from an old copy (decision 0070). */
import type { EndpointRecord } from '@tandem/engine'

export function hasNothingOfItsOwn(endpoint: EndpointRecord | undefined): boolean {
  return endpoint?.state === 'RECOVER' && endpoint.fullResyncOwed && endpoint.lastPromiseAt === undefined
}
