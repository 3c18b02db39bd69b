/** What the server said of one field of a form. */
import { failureOf } from '@tandem/api-contract'

export function fieldError(error: Error | null, field: string): string | undefined {
  if (error === null) return undefined
  const found = failureOf(error).problem?.fields?.find((each) => each.field === field)
  if (found === undefined) return undefined
  return `${found.message.charAt(0).toUpperCase()}${found.message.slice(1)}.`
}
