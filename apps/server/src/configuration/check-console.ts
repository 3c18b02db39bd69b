/** Console and API: plain HTTP on loopback only; elsewhere with a certificate, the operator's own or one that the server makes. */
import type { ConfigurationProblem } from '@tandem/engine'
import type { ConfigurationFile } from './file-schema.ts'

const TWO_WAYS =
  'Write certificate and key, or selfMade: FOLDER, and the server makes both there when it starts for the first time.'

export function checkConsole({ node }: ConfigurationFile): readonly ConfigurationProblem[] {
  const { tls, listen } = node.api
  if (tls === undefined) {
    if (isLoopback(listen.host)) return []
    return [
      {
        path: ['node', 'api', 'listen'],
        message: `${listen.host} is not loopback, and plain HTTP is for loopback only`,
        remedy:
          'Add node.api.tls with certificate and key, or with selfMade: FOLDER for a certificate that the server makes; ' +
          'or listen on 127.0.0.1 or [::1].',
      },
    ]
  }
  const path = ['node', 'api', 'tls']
  if (tls.selfMade === undefined) {
    const missing = (['certificate', 'key'] as const).filter((field) => tls[field] === undefined)
    return [
      ...missing.map((field) => ({ path: [...path, field], message: 'is missing', remedy: TWO_WAYS })),
      ...(tls.names === undefined
        ? []
        : [
            {
              path: [...path, 'names'],
              message: 'says nothing beside a certificate of your own, which has its names in it',
              remedy: 'Remove it, or let the server make the certificate with selfMade: FOLDER.',
            },
          ]),
    ]
  }
  return (['certificate', 'key'] as const)
    .filter((field) => tls[field] !== undefined)
    .map((field) => ({
      path: [...path, field],
      message: 'stands beside selfMade',
      remedy: `Keep one of them. ${TWO_WAYS}`,
    }))
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(host)
}
