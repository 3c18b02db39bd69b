/**
 * Who may try a password now: counted for each address, for each account from each address, and for each account from
 * everywhere. Whoever guesses can make the account wait for strangers only: a browser that its operator has used before is
 * counted on its own, and the count from everywhere does not hold for this machine itself (decision 0101).
 */
import { isIPv6 } from 'node:net'
import { formatIpv6Prefix, makePrefix, parseIpv6Address } from '@tandem/protocol'
import { AttemptLimit } from './attempt-limit.ts'

export interface SignInSource {
  readonly name: string
  readonly address: string
  /** Under which a browser that the operator has used before is counted. */
  readonly knownBrowser: string | undefined
}

export interface Attempt {
  /** It was the operator: his failures are forgotten, those of others from there are not. */
  succeeded(): void
  /** Nothing was checked. */
  takenBack(): void
}

/** Somebody who mistypes on two machines is not slowed; a minute, so that what many do to one account passes soon. */
const EVERYWHERE = { freeFailures: 20, waitMaxMs: 60_000 } as const
/** Who chooses addresses freely chooses among those of a link. */
const SITE_PREFIX_LENGTH = 64
const MAPPED = /^::ffff:(?=\d+\.)/i
const LOOPBACK = /^(?:127\.|::1$)/

export class SignInLimit {
  private readonly places: AttemptLimit
  private readonly everywhere: AttemptLimit

  constructor(clock: () => number) {
    this.places = new AttemptLimit(clock)
    this.everywhere = new AttemptLimit(clock, EVERYWHERE)
  }

  /** How long to wait, in ms; or the attempt, which counts as failed until it says otherwise, however many come at once. */
  begin(source: SignInSource): { readonly waitMs: number } | { readonly attempt: Attempt } {
    const keys = keysOf(source)
    const waitMs = Math.max(this.places.waitMs(...keys.own, ...keys.shared), this.everywhere.waitMs(...keys.everywhere))
    if (waitMs > 0) return { waitMs }
    this.places.failed(...keys.own, ...keys.shared)
    this.everywhere.failed(...keys.everywhere)
    const takenBack = (): void => {
      this.places.takeBack(...keys.own, ...keys.shared)
      this.everywhere.takeBack(...keys.everywhere)
    }
    return {
      attempt: {
        takenBack,
        succeeded: () => {
          takenBack()
          this.places.succeeded(...keys.own)
        },
      },
    }
  }
}

interface Keys {
  readonly own: readonly string[]
  readonly shared: readonly string[]
  readonly everywhere: readonly string[]
}

function keysOf({ name, address, knownBrowser }: SignInSource): Keys {
  if (knownBrowser !== undefined) return { own: [`browser ${knownBrowser}`], shared: [], everywhere: [] }
  const place = placeOf(address)
  return {
    own: [`account ${name} from ${place}`],
    shared: [`place ${place}`],
    everywhere: LOOPBACK.test(place) ? [] : [`account ${name}`],
  }
}

/** An IPv4 address itself; of an IPv6 address the link. */
export function placeOf(address: string): string {
  const plain = address.replace(MAPPED, '').replace(/%.*$/, '')
  const parsed = isIPv6(plain) && plain !== '::1' ? parseIpv6Address(plain) : undefined
  return parsed === undefined ? plain : formatIpv6Prefix(makePrefix(parsed, SITE_PREFIX_LENGTH))
}
