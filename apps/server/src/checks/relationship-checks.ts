/** What one server finds of a relationship: the link, the clocks, the certificates, the partner's version, and what is refused. */
import { CLOCK_ALARM_MS, CLOCK_WARNING_MS } from '@tandem/api-contract'
import type { AccountSharing, Check, Relationship, TableComparison } from '@tandem/api-contract'
import { certificateCheck } from './certificate-check.ts'
import type { Found } from './certificate-check.ts'
import { leasesCheck } from './leases-check.ts'

export interface RelationshipFacts {
  readonly relationship: Relationship
  readonly version: string
  readonly sharing: AccountSharing | undefined
  readonly comparison: TableComparison | undefined
  readonly nowMs: number
}

export function relationshipChecks(facts: RelationshipFacts): readonly Check[] {
  const { serverName, name } = facts.relationship
  const found = [
    partnerLink(facts.relationship),
    ...partnerCertificates(facts),
    clock(facts.relationship),
    privateChannel(facts.relationship),
    ...version(facts),
    ...accounts(facts),
    ...(facts.comparison === undefined ? [] : leasesCheck(facts.comparison)),
    ...rejectedUpdates(facts.relationship),
    ...unansweredClients(facts.relationship),
  ]
  return found.map((each) => ({ ...each, serverName, relationship: name }))
}

function partnerLink({
  communicationsOk,
  connection,
  partnerName,
  handedOver,
  lastHeardFromPartnerAt,
}: Relationship): Found {
  const of = { subject: 'partner-link', what: `Failover link to ${partnerName}` } as const
  if (communicationsOk) {
    const how = connection.secured ? 'over TLS' : 'without TLS'
    return { ...of, outcome: 'good', finding: `The servers are in contact, ${how}.`, remedy: null }
  }
  if (handedOver !== null) {
    return {
      ...of,
      outcome: 'warning',
      finding: `There is none: this server was handed over by ${handedOver.operator}.`,
      remedy: 'Take service back when the maintenance is done.',
    }
  }
  const heard = lastHeardFromPartnerAt === null ? 'never' : `last at ${lastHeardFromPartnerAt}`
  const problem = connection.lastProblem === null ? '' : ` ${connection.lastProblem}`
  return {
    ...of,
    outcome: 'bad',
    finding: `There is no contact (${connection.phase}); ${partnerName} was heard ${heard}.${problem}`,
    remedy: `See that ${partnerName} runs, and that TCP port 647 is open between the two servers in the direction in which the primary dials.`,
  }
}

function partnerCertificates({ relationship, nowMs }: RelationshipFacts): readonly Found[] {
  const { connection, serverName, partnerName } = relationship
  const { certificates, transport } = connection
  const subject = 'partner-certificates'
  const insecure: readonly Found[] =
    transport === 'tls'
      ? []
      : [
          {
            subject,
            outcome: 'warning',
            what: 'Certificates for failover',
            finding: 'The failover link is not secured: whoever can reach it can speak as the partner.',
            remedy: 'Give both servers certificates and set the transport to tls, unless the link is secured below.',
          },
        ]
  if (certificates === null) return insecure
  const { own, partner, problem } = certificates
  const ofOne = (name: string, certificate: typeof own): readonly Found[] =>
    certificate === null
      ? []
      : [certificateCheck(certificate.endsAt, nowMs, { subject, what: `Certificate of ${name} for failover` })]
  const unusable: readonly Found[] =
    problem === null
      ? []
      : [
          {
            subject,
            outcome: 'warning',
            what: `TLS files of ${serverName}`,
            finding: `They cannot be used; those read before stay in force. ${problem}`,
            remedy: 'Put right the files; no restart is needed.',
          },
        ]
  return [...insecure, ...ofOne(serverName, own), ...ofOne(partnerName, partner), ...unusable]
}

function clock({ clockSkewMs, partnerView, serverName, partnerName }: Relationship): Found {
  const of = { subject: 'clock', what: `Clocks of ${serverName} and ${partnerName}` } as const
  const skewMs = clockSkewMs ?? partnerView?.told?.clockOffsetMs ?? null
  if (skewMs === null) {
    return { ...of, outcome: 'unknown', finding: 'Nothing has been heard that could be compared.', remedy: null }
  }
  const offMs = Math.abs(skewMs)
  const seconds = (offMs / 1000).toFixed(1)
  if (offMs < CLOCK_WARNING_MS) return { ...of, outcome: 'good', finding: `They agree to ${seconds} s.`, remedy: null }
  return {
    ...of,
    outcome: offMs < CLOCK_ALARM_MS ? 'warning' : 'bad',
    finding: `That of ${partnerName} is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead'}; beyond five seconds the servers refuse each other’s messages.`,
    remedy: 'Check the time service on both servers.',
  }
}

function privateChannel({ partnerView, partnerName }: Relationship): Found {
  const of = { subject: 'private-channel', what: `Private channel to ${partnerName}` } as const
  if (partnerView === null) {
    return {
      ...of,
      outcome: 'warning',
      finding: 'None is configured: the consoles know of each other only what failover tells.',
      remedy: 'Configure it on both servers (node.partners, channel).',
    }
  }
  const { state, problem } = partnerView.channel
  if (state === 'answers') return { ...of, outcome: 'good', finding: 'It answers.', remedy: null }
  if (state === 'not-asked-yet')
    return { ...of, outcome: 'unknown', finding: 'It has not been asked yet.', remedy: null }
  return {
    ...of,
    outcome: 'bad',
    finding: `${state === 'silent' ? 'Nothing answers' : 'What answers is of no use'}: ${problem ?? 'no reason is known'}.`,
    remedy: `See that ${partnerName} runs, and that the port of the channel is open between the two servers.`,
  }
}

function version({
  relationship: { partnerView, partnerName, serverName },
  version: own,
}: RelationshipFacts): readonly Found[] {
  const theirs = partnerView?.told?.version ?? null
  if (theirs === null) return []
  const of = { subject: 'version', what: `Versions of ${serverName} and ${partnerName}` } as const
  return theirs === own
    ? [{ ...of, outcome: 'good', finding: `Both run ${own}.`, remedy: null }]
    : [
        {
          ...of,
          outcome: 'warning',
          finding: `${serverName} runs ${own}, ${partnerName} ${theirs}.`,
          remedy: 'They work together, for an upgrade of one after the other; bring both to one version.',
        },
      ]
}

function accounts({ sharing, relationship: { partnerName } }: RelationshipFacts): readonly Found[] {
  if (sharing === undefined || sharing.state === 'own-accounts') return []
  const of = { subject: 'accounts', what: `Accounts shared with ${partnerName}` } as const
  const { state, problem } = sharing
  if (state === 'in-step' && problem === null)
    return [{ ...of, outcome: 'good', finding: 'They are in step.', remedy: null }]
  if (state === 'not-asked-yet')
    return [{ ...of, outcome: 'unknown', finding: 'It has not been asked yet.', remedy: null }]
  return [
    {
      ...of,
      outcome: 'warning',
      finding: `${state === 'in-step' ? 'Not all of them are' : 'They are not in step'}: ${problem ?? 'no reason is known'}.`,
      remedy: 'A change here is in force there once the private channel answers again.',
    },
  ]
}

function rejectedUpdates({ updatesRejected, partnerName }: Relationship): readonly Found[] {
  if (updatesRejected.length === 0) return []
  const words = updatesRejected.map(
    ({ by, status, count }) => `${count} by ${by === 'us' ? 'this server' : partnerName} (${status})`,
  )
  return [
    {
      subject: 'rejected-updates',
      outcome: 'warning',
      what: `Updates between this server and ${partnerName}`,
      finding: `Refused since this server started: ${words.join(', ')}.`,
      remedy: 'Read why under Decisions; compare both configurations.',
    },
  ]
}

function unansweredClients({ unansweredClients: { alarm, count }, partnerName }: Relationship): readonly Found[] {
  if (!alarm) return []
  return [
    {
      subject: 'unanswered-clients',
      outcome: 'bad',
      what: `Clients that ask ${partnerName}`,
      finding: `${count} clients keep asking it in vain.`,
      remedy: `See whether ${partnerName} hears its clients: its interface, the relays, a firewall on UDP port 547.`,
    },
  ]
}
