/** Retransmission times of a client (RFC 9915 section 15), as numbers: the caller has the clock and the randomness. */

export interface RetransmissionRule {
  readonly initialMs: number
  readonly maxMs: number
  /** Undefined: until something else ends it. */
  readonly countMax: number | undefined
}

/** RFC 9915 section 7.6; SOL_MAX_RT is cut from an hour to half a minute, so that a demo does not seem dead. */
export const retransmissionRules = {
  solicit: { initialMs: 1000, maxMs: 30_000, countMax: undefined },
  request: { initialMs: 1000, maxMs: 30_000, countMax: 10 },
  renew: { initialMs: 10_000, maxMs: 600_000, countMax: undefined },
  rebind: { initialMs: 10_000, maxMs: 600_000, countMax: undefined },
  release: { initialMs: 1000, maxMs: 10_000, countMax: 4 },
} as const satisfies Record<string, RetransmissionRule>

/** `random` is in [0, 1). A first SOLICIT is only ever late, so that servers started together are not met by a wave. */
export function nextTimeoutMs(
  rule: RetransmissionRule,
  previousMs: number | undefined,
  random: number,
  onlyLater: boolean,
): number {
  const spread = onlyLater ? random * 0.1 : random * 0.2 - 0.1
  if (previousMs === undefined) return rule.initialMs * (1 + spread)
  const doubled = previousMs * (2 + spread)
  return doubled > rule.maxMs ? rule.maxMs * (1 + spread) : doubled
}
