/** What stands at a path that no handler took: nothing, or another method. */
import { API_PREFIX, routes } from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import { HttpProblem } from './http-problem.ts'

export function nothingThere(method: string, path: string): HttpProblem {
  const methods = Object.values<RouteDefinition>(routes)
    .filter((route) => patternOf(route.path).test(path))
    .map((route) => route.method)
  return methods.length === 0
    ? new HttpProblem('not-found', {
        detail: `There is nothing at ${path}.`,
        remedy: 'See /api/docs for the paths that are answered.',
      })
    : new HttpProblem('method-not-allowed', {
        detail: `${path} does not answer ${method}.`,
        remedy: `Use ${methods.join(' or ')} there, as /api/docs says.`,
        allow: methods,
      })
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${API_PREFIX}${path.replaceAll(/:\w+/g, '[^/]+')}/?$`)
}
