/** From when on server and console warn: what is judged in several places is judged alike. */

/** A certificate that ends within so many days. */
export const CERTIFICATE_WARNING_DAYS = 30

/** Clocks of two partners that are so far apart; beyond five seconds they part (RFC 8156 sections 7.1 and 7.5.1). */
export const CLOCK_WARNING_MS = 2_000
/** They are about to part. */
export const CLOCK_ALARM_MS = 4_000
