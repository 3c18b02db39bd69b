/** Of what the partner says, the parts that this version understands: an older or newer one is no error (decision 0108). */
import type * as z from 'zod'

/** `shape`: an object of which every part may be absent. */
export function understood<Shape extends z.ZodObject>(shape: Shape, said: object): z.output<Shape> {
  const parts: readonly (readonly [string, unknown])[] = Object.entries(said)
  const known = parts.filter(([name, value]) => name in shape.shape && shape.safeParse({ [name]: value }).success)
  return shape.parse(Object.fromEntries(known))
}
