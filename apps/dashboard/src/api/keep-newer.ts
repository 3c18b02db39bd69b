/** An answer that was overtaken on its way by a live event must not put the page back in time. */
import { replaceEqualDeep } from '@tanstack/react-query'

/** For views that carry `publishedAt`; what is equal keeps its identity, so that nothing repaints without need. */
export function keepNewer(before: unknown, after: unknown): unknown {
  return isOlder(after, before) ? before : replaceEqualDeep(before, after)
}

export function isOlder(one: unknown, other: unknown): boolean {
  const [a, b] = [publishedAt(one), publishedAt(other)]
  return a !== undefined && b !== undefined && Date.parse(a) < Date.parse(b)
}

function publishedAt(view: unknown): string | undefined {
  if (typeof view !== 'object' || view === null || !('publishedAt' in view)) return undefined
  return typeof view.publishedAt === 'string' ? view.publishedAt : undefined
}
