/** How many requests one address, one stranger and one who is signed in may make (decision 0107), and the headers that say so. */
import type { Response } from 'express'
import { placeOf } from '../sessions/sign-in-limit.ts'
import { HttpProblem } from './http-problem.ts'
import type { Principal } from './principal.ts'
import { RateLimit } from './rate-limit.ts'
import type { RatePolicy, RateVerdict } from './rate-limit.ts'

/** Whoever they are: finding that out costs something too. A whole site may stand behind one address. */
const ADDRESS: RatePolicy = { name: 'address', quota: 2_000, windowSeconds: 10 }
/** Without a valid session or token. */
const STRANGER: RatePolicy = { name: 'stranger', quota: 200, windowSeconds: 10 }
/** All sessions of one operator together; each API token for itself. */
const PRINCIPAL: RatePolicy = { name: 'principal', quota: 500, windowSeconds: 10 }

export class RequestLimits {
  private readonly addresses: RateLimit
  private readonly strangers: RateLimit
  private readonly principals: RateLimit

  constructor(clock: () => number) {
    this.addresses = new RateLimit(ADDRESS, clock)
    this.strangers = new RateLimit(STRANGER, clock)
    this.principals = new RateLimit(PRINCIPAL, clock)
  }

  /** Before it is known who asks. */
  ofAddress(address: string | undefined): RateVerdict {
    return this.addresses.take(placeOf(address ?? ''))
  }

  /** Who is signed in is never held back for what strangers at the same address do. */
  ofCaller(principal: Principal | undefined, address: string | undefined): RateVerdict {
    return principal === undefined
      ? this.strangers.take(placeOf(address ?? ''))
      : this.principals.take(keyOf(principal))
  }
}

function keyOf({ via, id, name }: Principal): string {
  return via === 'api-token' ? `token ${id}` : `operator ${name}`
}

/** RateLimit-Policy and RateLimit as draft-ietf-httpapi-ratelimit-headers-10 has them. */
export function rateHeaders(verdicts: readonly RateVerdict[]): readonly (readonly [name: string, value: string])[] {
  return [
    [
      'RateLimit-Policy',
      verdicts.map(({ policy }) => `"${policy.name}";q=${policy.quota};w=${policy.windowSeconds}`).join(', '),
    ],
    [
      'RateLimit',
      verdicts.map(({ policy, ...now }) => `"${policy.name}";r=${now.remaining};t=${now.resetSeconds}`).join(', '),
    ],
  ]
}

/** Says in the headers how many are left, and throws the answer to one too many. */
export function insistOnRate(response: Pick<Response, 'setHeader'>, ...verdicts: readonly RateVerdict[]): void {
  for (const [name, value] of rateHeaders(verdicts)) response.setHeader(name, value)
  const refused = verdicts.find(({ admitted }) => !admitted)
  if (refused !== undefined) throw tooManyRequests(refused)
}

export function tooManyRequests({ policy, retryAfterSeconds }: RateVerdict): HttpProblem {
  const { quota, windowSeconds } = policy
  return new HttpProblem('too-many-requests', {
    detail: `More than ${quota} requests in ${windowSeconds} s came from this ${policy.name}.`,
    remedy: `Wait ${retryAfterSeconds} s. To follow what changes, use the live stream instead of asking again and again.`,
    retryAfterSeconds,
  })
}
