/** What the URL of a database may carry: which one and how to reach it, and no secret, since this file's text is recorded. */
import type { ConfigurationProblem } from '@tandem/engine'
import type { ConfigurationFile } from './file-schema.ts'

/** Where the socket is, and TLS. Other settings of a session are the server's own business. */
const PARAMETERS: readonly string[] = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']

export function checkStorage({ node }: ConfigurationFile): readonly ConfigurationProblem[] {
  if (node.storage.startsWith('file:')) return []
  const path = ['node', 'storage']
  const url = new URL(node.storage)
  const problems: ConfigurationProblem[] = []
  if (url.password !== '' || url.searchParams.has('password')) {
    problems.push({
      path,
      message: 'a password does not belong here, since the text of this file is recorded in the database',
      remedy:
        'Take it out, and give it in the environment variable PGPASSWORD or in ~/.pgpass of the user that runs the server.',
    })
  }
  if (url.pathname.length < 2) {
    problems.push({
      path,
      message: 'the URL names no database',
      remedy: 'Write it like "postgresql://tandem@db.example.com/alpha".',
    })
  }
  for (const name of new Set(url.searchParams.keys())) {
    if (PARAMETERS.includes(name) || name === 'password') continue
    problems.push({
      path,
      message: `${name} cannot be set in this URL`,
      remedy: `Take it out; known here: ${PARAMETERS.join(', ')}.`,
    })
  }
  return problems
}
