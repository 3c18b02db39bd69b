/** Where to go after signing in. */
import { paths } from '../../paths.ts'

/** Only a place in this console: what comes from the address bar may lead anywhere. */
export function placeAfterSignIn(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) ? to : paths.overview()
}
