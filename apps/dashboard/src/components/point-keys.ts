/** The keys by which a picture is walked through point by point, as a slider is. */

const PAGE = 10

const targets = new Map<string, (told: number, last: number) => number>([
  ['ArrowLeft', (told) => told - 1],
  ['ArrowDown', (told) => told - 1],
  ['ArrowRight', (told) => told + 1],
  ['ArrowUp', (told) => told + 1],
  ['PageDown', (told) => told - PAGE],
  ['PageUp', (told) => told + PAGE],
  ['Home', () => 0],
  ['End', (_, last) => last],
])

/** The place that a key leads to, from the place that is told, of places 0 to `last`; undefined: it leads nowhere. */
export function pointOfKey(key: string, told: number, last: number): number | undefined {
  const target = targets.get(key)?.(told, last)
  return target === undefined ? undefined : Math.min(last, Math.max(0, target))
}
