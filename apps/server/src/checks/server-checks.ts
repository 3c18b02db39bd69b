/** What is found of one server as a whole. */
import type { Check, Listener, Server } from '@tandem/api-contract'
import { certificateCheck } from './certificate-check.ts'
import type { Found } from './certificate-check.ts'

export function serverChecks(server: Server, nowMs: number): readonly Check[] {
  const found = [
    dataPlane(server),
    ...server.listeners.filter(({ purpose }) => purpose === 'clients').map(clientListener),
    ...otherListeners(server.listeners),
    ...consoleCertificate(server, nowMs),
    configurationFile(server),
  ]
  return found.map((each) => ({ ...each, serverName: server.name, relationship: null }))
}

function dataPlane({ stale, publishedAt }: Server): Found {
  const what = 'The part that serves clients'
  if (!stale) return { subject: 'data-plane', outcome: 'good', what, finding: 'It runs.', remedy: null }
  return {
    subject: 'data-plane',
    outcome: 'bad',
    what,
    finding: `It has said nothing since ${publishedAt}.`,
    remedy:
      'Look into the log; if it does not go on by itself within a minute, restart the server: its partner serves meanwhile.',
  }
}

function clientListener({ at, detail, problem }: Listener): Found {
  const what = `Clients at ${at}`
  if (problem === null) {
    return { subject: 'client-listener', outcome: 'good', what, finding: `Listens: ${detail}.`, remedy: null }
  }
  return {
    subject: 'client-listener',
    outcome: 'bad',
    what,
    finding: `Nothing is heard: ${problem}.`,
    remedy:
      'See that the interface is up, has its address, and that no other program has the port. It is tried again by itself.',
  }
}

/** Of those that work nothing is worth a line. */
function otherListeners(listeners: readonly Listener[]): readonly Found[] {
  return listeners.flatMap(({ purpose, at, problem }): readonly Found[] =>
    purpose === 'clients' || problem === null
      ? []
      : [
          {
            subject: 'private-channel',
            outcome: 'warning',
            what: `Listener for the ${purpose} at ${at}`,
            finding: `Nothing is heard: ${problem}.`,
            remedy:
              'See that the address is one of this machine, and that no other program has the port. It is tried again by itself.',
          },
        ],
  )
}

function consoleCertificate({ consoleCertificate: certificate }: Server, nowMs: number): readonly Found[] {
  if (certificate === null) return []
  const what = 'Certificate of the console'
  const found = certificateCheck(certificate.endsAt, nowMs, { subject: 'console-certificate', what })
  // One of its own making is made anew in time.
  return certificate.selfMade && found.outcome === 'warning' ? [{ ...found, outcome: 'good', remedy: null }] : [found]
}

function configurationFile({ warnings, configuration: { file } }: Server): Found {
  const what = `Configuration ${file}`
  if (warnings.length === 0) {
    return { subject: 'configuration-file', outcome: 'good', what, finding: 'It was accepted.', remedy: null }
  }
  return {
    subject: 'configuration-file',
    outcome: 'warning',
    what,
    finding: warnings.join(' '),
    remedy: 'Change the file, and restart the server.',
  }
}
