/** A stretch of time as Prisma asks for it; both ends belong to it. */
export function between(fromMs: number | undefined, toMs: number | undefined) {
  return {
    ...(fromMs === undefined ? {} : { gte: BigInt(fromMs) }),
    ...(toMs === undefined ? {} : { lte: BigInt(toMs) }),
  }
}
