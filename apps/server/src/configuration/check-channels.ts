/** The private channel between the two servers of a relationship: its ends, and the certificates that it is secured with (decision 0108). */
import type { ConfigurationProblem } from '@tandem/engine'
import type { SocketAddress } from './field-forms.ts'
import type { ConfigurationFile } from './file-schema.ts'

type PartnerSection = ConfigurationFile['node']['partners'][number]

interface ChannelOf {
  readonly index: number
  readonly partner: PartnerSection
  readonly channel: NonNullable<PartnerSection['channel']>
}

export function checkChannels({ node }: ConfigurationFile): readonly ConfigurationProblem[] {
  const channels = node.partners.flatMap((partner, index): readonly ChannelOf[] =>
    partner.channel === undefined ? [] : [{ index, partner, channel: partner.channel }],
  )
  const taken = new Map<string, string>([
    [textOf(node.api.listen), 'console and API (node.api.listen)'],
    ...node.partners.map(({ local, relationship }) => [textOf(local), `failover of ${relationship}`] as const),
  ])
  return [
    ...channels.flatMap((each) => [...checkTls(each), ...checkEnds(each, taken)]),
    ...checkSharedListeners(channels),
  ]
}

function checkTls({ index, partner }: ChannelOf): readonly ConfigurationProblem[] {
  if (partner.tls !== undefined) return []
  return [
    {
      path: ['node', 'partners', index, 'channel'],
      message: 'has no certificates: it is secured with tls of the same entry, and there is none',
      remedy:
        'Add tls with certificate, key, authority and acceptedNames (it may stand beside transport: insecure), or ' +
        'remove channel; "tandem certificates" makes the files.',
    },
  ]
}

function checkEnds({ index, channel }: ChannelOf, taken: ReadonlyMap<string, string>): readonly ConfigurationProblem[] {
  const path = ['node', 'partners', index, 'channel']
  const user = taken.get(textOf(channel.local))
  return [
    ...(user === undefined
      ? []
      : [
          {
            path: [...path, 'local'],
            message: `${textOf(channel.local)} is taken by ${user}`,
            remedy: 'Choose another port.',
          },
        ]),
    ...(textOf(channel.local) === textOf(channel.partner)
      ? [
          {
            path: [...path, 'partner'],
            message: 'both ends of the channel are the same',
            remedy: "Write the partner's address and port.",
          },
        ]
      : []),
  ]
}

/** A caller names the relationship after TLS, so that a listener has one certificate; whom it answers is judged for each. */
function checkSharedListeners(channels: readonly ChannelOf[]): readonly ConfigurationProblem[] {
  const first = new Map<string, { readonly files: string; readonly relationship: string }>()
  return channels.flatMap(({ index, partner, channel }) => {
    if (partner.tls === undefined) return []
    const { acceptedNames: _judgedForEach, ...rest } = partner.tls
    const files = JSON.stringify(rest)
    const at = textOf(channel.local)
    const earlier = first.get(at)
    if (earlier === undefined) first.set(at, { files, relationship: partner.relationship })
    if (earlier === undefined || earlier.files === files) return []
    return [
      {
        path: ['node', 'partners', index, 'channel', 'local'],
        message: `${at} is where the partner of ${earlier.relationship} is answered too, with other TLS files`,
        remedy: 'Choose another port, or write the same certificate, key, authority and minimumVersion for both.',
      },
    ]
  })
}

function textOf({ host, port }: SocketAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
