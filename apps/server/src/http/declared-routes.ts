/** At start: every route of the contract has exactly one handler, and every handler a route of the contract. */
import { routes } from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import { ROUTE } from './route.decorator.ts'

/** Throws when the two do not match; what is thrown names the routes. */
export function checkDeclaredRoutes(controllers: readonly object[]): void {
  const handled = controllers.flatMap(routesOf)
  const declared = Object.entries<RouteDefinition>(routes)
  const unhandled = declared.filter(([, route]) => handled.filter((each) => each === route).length !== 1)
  if (unhandled.length > 0) {
    throw new Error(`contract routes without exactly one handler: ${unhandled.map(([name]) => name).join(', ')}`)
  }
  const foreign = handled.filter((route) => !declared.some(([, each]) => each === route))
  if (foreign.length > 0) {
    throw new Error(`handlers of routes that the contract does not list: ${foreign.map(({ path }) => path).join(', ')}`)
  }
}

function routesOf(controller: object): readonly RouteDefinition[] {
  const prototype: unknown = Object.getPrototypeOf(controller)
  if (typeof prototype !== 'object' || prototype === null) return []
  return Object.values(Object.getOwnPropertyDescriptors(prototype)).flatMap((property) => {
    const method: unknown = property.value
    // Only @Route sets this metadata.
    const route =
      typeof method === 'function' ? (Reflect.getMetadata(ROUTE, method) as RouteDefinition | undefined) : undefined
    return route === undefined ? [] : [route]
  })
}
