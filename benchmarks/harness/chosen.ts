/** A flag that picks from a list. */

/** Named with commas between them, in the order of the list; undefined: all. Throws for a name that is not there. */
export function chosen<T extends { readonly key: string }>(
  flag: string,
  all: readonly T[],
  names?: string,
): readonly T[] {
  if (names === undefined) return all
  const wanted = names.split(',')
  const unknown = wanted.find((name) => !all.some(({ key }) => key === name))
  if (unknown !== undefined) {
    throw new Error(`--${flag}: there is no "${unknown}", only ${all.map(({ key }) => key).join(', ')}.`)
  }
  return all.filter(({ key }) => wanted.includes(key))
}
