/** Versions of representations: the ETag of an answer, and If-Match of whoever changes what it showed (RFC 9110 section 13.1.1). */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { HttpProblem } from './http-problem.ts'

/** Adds the version of everything else in the view. */
export function withVersion<View extends object>(view: View): View & { readonly version: string } {
  return { ...view, version: createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22) }
}

export function etagOf(version: string): string {
  return `"${version}"`
}

export function versionIn(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'version' in answer) return String(answer.version)
  throw new Error('an answer with an ETag has a version')
}

/** Weak ones never match: what is changed must be exactly what was seen. */
const ETAG = /^"([\x21\x23-\x7e]*)"$/

/** Refuses a change that was decided on another version than the present one. Without If-Match nothing is compared. */
export function insistOnVersion(request: Request, current: { readonly version: string }): void {
  const header = request.header('If-Match')?.trim()
  if (header === undefined || header === '*') return
  const seen = header.split(',').map((each) => ETAG.exec(each.trim())?.[1])
  if (seen.includes(current.version)) return
  throw versionChanged(`It is not what you saw any more: the present ETag is ${etagOf(current.version)}.`)
}

export function versionChanged(detail = 'It has just been changed by somebody else.'): HttpProblem {
  return new HttpProblem('version-changed', {
    detail,
    remedy: 'Read it again, decide again, and send the new ETag in If-Match.',
    fields: [{ field: 'header.If-Match', message: 'is not the present ETag' }],
  })
}

export function ifMatchMissing(): HttpProblem {
  return new HttpProblem('if-match-missing', {
    detail: 'This changes what somebody else may have changed meanwhile, so it needs the ETag that you saw.',
    remedy: 'Read it first, and send its ETag in If-Match.',
    fields: [{ field: 'header.If-Match', message: 'is missing' }],
  })
}
