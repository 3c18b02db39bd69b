/** The rules that tie the node section to the relationships: partner entries, transports, listeners (RFC 8156 sections 5.1 and 6.2). */
import type { ConfigurationProblem } from '@tandem/engine'
import { checkChannels } from './check-channels.ts'
import { checkConsole } from './check-console.ts'
import { checkStorage } from './check-storage.ts'
import { withoutZone } from './field-forms.ts'
import type { ConfigurationFile, RelationshipSection } from './file-schema.ts'

export function checkNode(file: ConfigurationFile): readonly ConfigurationProblem[] {
  return [
    ...checkStorage(file),
    ...checkConsole(file),
    ...checkListeners(file),
    ...file.relationships.flatMap((relationship, index) => checkMembership(file, relationship, index)),
    ...checkPartners(file),
    ...checkTransports(file),
    ...checkSharedTls(file),
    ...checkChannels(file),
  ]
}

function checkListeners({ node }: ConfigurationFile): readonly ConfigurationProblem[] {
  if (node.interfaces.length + node.listeners.length === 0) {
    return [
      {
        path: ['node'],
        message: 'this server hears no client: neither interfaces nor listeners stand here',
        remedy: 'List at least one of them, for example interfaces: [eth0].',
      },
    ]
  }
  const problems: ConfigurationProblem[] = []
  const seen = new Set<string>()
  const claim = (key: string, path: ConfigurationProblem['path']) => {
    if (seen.has(key)) {
      problems.push({ path, message: `${key} stands above already`, remedy: 'Remove one of the two.' })
    }
    seen.add(key)
  }
  for (const [index, entry] of node.interfaces.entries()) {
    const { name, port } = interfaceOf(entry)
    claim(`${name} port ${port}`, ['node', 'interfaces', index])
  }
  for (const [index, { address, port }] of node.listeners.entries()) {
    claim(`[${address}]:${port}`, ['node', 'listeners', index])
  }
  return problems
}

export function interfaceOf(entry: ConfigurationFile['node']['interfaces'][number]) {
  return typeof entry === 'string' ? ({ name: entry, port: 547, replyTo: 'relay-port' } as const) : entry
}

function checkMembership(
  { node }: ConfigurationFile,
  relationship: RelationshipSection,
  index: number,
): readonly ConfigurationProblem[] {
  const { name, primary, secondary } = relationship
  const problems: ConfigurationProblem[] = []
  if (primary === secondary) {
    problems.push({
      path: ['relationships', index, 'secondary'],
      message: `${secondary} is the primary too`,
      remedy: 'Name two different servers.',
    })
  }
  if (node.name !== primary && node.name !== secondary) {
    problems.push({
      path: ['relationships', index],
      message: `this server, ${node.name}, is neither its primary (${primary}) nor its secondary (${secondary})`,
      remedy: 'Correct node.name or the names here.',
    })
  }
  if (!node.partners.some((partner) => partner.relationship === name)) {
    problems.push({
      path: ['relationships', index, 'name'],
      message: `node.partners has no entry for ${name}, so the partner cannot be reached`,
      remedy: `Add one with relationship: ${name}, local and partner.`,
    })
  }
  return problems
}

function checkPartners({ node, relationships }: ConfigurationFile): readonly ConfigurationProblem[] {
  const seen = new Set<string>()
  return node.partners.flatMap((partner, index) => {
    const problems: ConfigurationProblem[] = []
    const relationship = relationships.find(({ name }) => name === partner.relationship)
    if (relationship === undefined) {
      problems.push({
        path: ['node', 'partners', index, 'relationship'],
        message: `there is no relationship named ${partner.relationship}`,
        remedy: 'Name one that stands under relationships, or remove this entry.',
      })
    } else if (relationship.transport === 'tls' && partner.tls === undefined) {
      problems.push({
        path: ['node', 'partners', index, 'tls'],
        message: `is missing, and the transport of ${partner.relationship} is tls`,
        remedy: 'Add tls with certificate, key, authority and acceptedNames; "tandem certificates" makes the files.',
      })
    }
    if (seen.has(partner.relationship)) {
      problems.push({
        path: ['node', 'partners', index, 'relationship'],
        message: `an entry for ${partner.relationship} stands above already`,
        remedy: 'Keep one of the two.',
      })
    }
    seen.add(partner.relationship)
    if (partner.local.host === partner.partner.host && partner.local.port === partner.partner.port) {
      problems.push({
        path: ['node', 'partners', index, 'partner'],
        message: 'both ends of the connection are the same',
        remedy: "Write the partner's address and port.",
      })
    }
    return problems
  })
}

/** A connection is recognised by its partner's address before anything is read from it, and the transport must be known by then. */
function checkTransports({ node, relationships }: ConfigurationFile): readonly ConfigurationProblem[] {
  const transportOf = new Map<string, { readonly transport: string; readonly relationship: string }>()
  return node.partners.flatMap((partner, index) => {
    const relationship = relationships.find(({ name }) => name === partner.relationship)
    if (relationship === undefined) return []
    const address = withoutZone(partner.partner.host)
    const earlier = transportOf.get(address)
    if (earlier === undefined) {
      transportOf.set(address, { transport: relationship.transport, relationship: relationship.name })
      return []
    }
    if (earlier.transport === relationship.transport) return []
    return [
      {
        path: ['node', 'partners', index, 'partner'],
        message: `${address} is reached by ${relationship.transport} here and by ${earlier.transport} for ${earlier.relationship}`,
        remedy: 'Give all relationships with one partner the same transport.',
      },
    ]
  })
}

/** TLS begins before CONNECT names the relationship: where the partner dials, only its address is known by then. */
function checkSharedTls({ node, relationships }: ConfigurationFile): readonly ConfigurationProblem[] {
  const first = new Map<string, { readonly tls: string; readonly relationship: string }>()
  return node.partners.flatMap((partner, index) => {
    const relationship = relationships.find(({ name }) => name === partner.relationship)
    if (relationship?.secondary !== node.name || partner.tls === undefined) return []
    const address = withoutZone(partner.partner.host)
    const tls = JSON.stringify(partner.tls)
    const earlier = first.get(address)
    if (earlier === undefined) {
      first.set(address, { tls, relationship: partner.relationship })
      return []
    }
    if (earlier.tls === tls) return []
    return [
      {
        path: ['node', 'partners', index, 'tls'],
        message: `differs from the one of ${earlier.relationship}, and both await ${address}, which is all that is known of a caller before TLS`,
        remedy: `Write the same certificate, key, authority, acceptedNames and minimumVersion for both.`,
      },
    ]
  })
}
