/** An answer that was overtaken on its way by a live event must not put the page back in time. */
import { replaceEqualDeep } from '@tanstack/react-query'

/** For views that carry `publishedAt`; what is equal keeps its identity, so that nothing repaints without need. */
export function keepNewer(before: unknown, after: unknown): unknown {
  return isOlder(after, before) ? before : replaceEqualDeep(before, after)
}

/** The same for a list of such views, each by its name. */
export function keepNewerOfEach(before: unknown, after: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(after)) return replaceEqualDeep(before, after)
  const newest = after.map((item: unknown) => {
    const same: unknown = before.find((each: unknown) => nameOf(each) === nameOf(item))
    return isOlder(item, same) ? same : item
  })
  return replaceEqualDeep<unknown>(before, newest)
}

export function isOlder(one: unknown, other: unknown): boolean {
  const [a, b] = [publishedAt(one), publishedAt(other)]
  return a !== undefined && b !== undefined && Date.parse(a) < Date.parse(b)
}

function nameOf(view: unknown): unknown {
  return typeof view === 'object' && view !== null && 'name' in view ? view.name : undefined
}

function publishedAt(view: unknown): string | undefined {
  if (typeof view !== 'object' || view === null || !('publishedAt' in view)) return undefined
  return typeof view.publishedAt === 'string' ? view.publishedAt : undefined
}
