/** The shape of the configuration file, with every default and its reason; the published JSON Schema is made from it. */
import { z } from 'zod'
import {
  addressRange,
  apiSocketAddress,
  domainName,
  duid,
  duration,
  durationOrOff,
  hostName,
  ipSocketAddress,
  ipv6Address,
  ipv6Prefix,
  ipv6SocketAddress,
  listenAddress,
  relationshipName,
  serverName,
  storageUrl,
  webUrl,
} from './field-forms.ts'

const fileName = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to the folder of this file.` })
const interfaceName = (description: string) => z.string().min(1).max(15).meta({ description })
const port = (description: string) => z.int().min(1).max(65_535).meta({ description })
const fraction = (description: string) => z.number().min(0).max(1).meta({ description })
const count = (description: string, max: number) => z.int().min(1).max(max).meta({ description })

const replyTo = z.enum(['relay-port', 'source']).meta({
  description:
    'Where an answer to a relay goes: UDP 547 of the relay, as the standard says, or the port that its message came from (tests and demos; RFC 8357 relays ask for it themselves). Default: relay-port.',
})

const interfaceEntry = z.union([
  interfaceName('Network interface whose clients and relays are heard by multicast.'),
  z.strictObject({
    name: interfaceName('Network interface whose clients and relays are heard by multicast.'),
    port: port('UDP port. Default: 547, where clients send.').default(547),
    replyTo: replyTo.default('relay-port'),
  }),
])

const listenerEntry = z.strictObject({
  address: listenAddress('Address of this server that relays send to.'),
  port: port('UDP port. Default: 547.').default(547),
  replyTo: replyTo.default('relay-port'),
})

const certificateAndKey = {
  certificate: fileName('Certificate chain, PEM.'),
  key: fileName('Private key, PEM.'),
}

const partnerEntry = z.strictObject({
  relationship: relationshipName('A name under relationships.'),
  local: ipv6SocketAddress('Own end of the failover connection. The port assigned to failover is 647.'),
  partner: ipv6SocketAddress("The partner's end of the failover connection."),
  tls: z
    .strictObject({
      ...certificateAndKey,
      authority: fileName("Certificates of the authorities that the partner's certificate must come from, PEM."),
      acceptedNames: z
        .array(z.string().min(1))
        .min(1)
        .meta({ description: "DNS names of which the partner's certificate must carry one." }),
      minimumVersion: z.enum(['1.2', '1.3']).default('1.3').meta({
        description: 'Oldest version of TLS that is spoken. 1.2 only for a partner of another maker. Default: 1.3.',
      }),
    })
    .optional()
    .meta({ description: 'Required where the transport of the relationship is tls, and for a channel.' }),
  channel: z
    .strictObject({
      local: ipSocketAddress("Own address and port, where this server answers the partner's questions."),
      partner: ipSocketAddress(
        "The partner's address and port, where this server asks; best on another network than failover.",
      ),
      accounts: z.enum(['shared', 'own']).default('shared').meta({
        description:
          'shared: operators and API tokens belong to both servers; own: each keeps its own. Shared only where both say so. Default: shared.',
      }),
    })
    .optional()
    .meta({
      description:
        'Private channel, by which each console knows what the other server says of itself. Secured with tls of this entry. Default: none.',
    }),
  console: webUrl("The partner's console, for the link on our pages.").optional(),
})

const KEPT_ROWS_MAX = 100_000_000

const kept = (what: string, rows: number, age = '30d') =>
  z
    .strictObject({
      age: duration(`How long ${what} are kept. Default: ${age}.`).prefault(age),
      count: count(`How many ${what} are kept at most. Default: ${rows}.`, KEPT_ROWS_MAX).default(rows),
    })
    .prefault({})
    .meta({ description: `Of ${what}.` })

const node = z
  .strictObject({
    name: serverName('This server; one of the two names of each relationship.'),
    storage: storageUrl(
      'The database file, relative to the folder of this file; or a PostgreSQL database of this server alone, postgresql://user@host/database.',
    ),
    interfaces: z.array(interfaceEntry).default([]).meta({ description: 'Interfaces that serve by multicast.' }),
    listeners: z.array(listenerEntry).default([]).meta({ description: 'Addresses that serve relays by unicast.' }),
    api: z
      .strictObject({
        listen: apiSocketAddress('Address and port of console and API.').prefault('127.0.0.1:8067'),
        tls: z
          .strictObject({
            certificate: certificateAndKey.certificate.optional(),
            key: certificateAndKey.key.optional(),
            selfMade: fileName(
              'Folder in which the server keeps a certificate and a key that it makes itself, in place of certificate and key.',
            ).optional(),
            names: z.array(hostName('A name, or an address without brackets.')).min(1).optional().meta({
              description:
                'With selfMade: names and addresses by which browsers open the console. Default: those of the host.',
            }),
          })
          .optional()
          .meta({ description: 'Required unless console and API listen on loopback only.' }),
      })
      .prefault({})
      .meta({
        description: 'Console and API. Default: plain HTTP on 127.0.0.1:8067, reachable from this machine only.',
      }),
    metrics: z
      .strictObject({
        access: z.enum(['token', 'open']).default('token').meta({
          description:
            'Who may read /metrics: token, whoever sends an API token that may read the status; open, anybody. Default: token.',
        }),
        keaNames: z.boolean().default(false).meta({
          description: 'Also under the names (kea_dhcp6_...) that dashboards made for Kea expect. Default: false.',
        }),
      })
      .prefault({})
      .meta({ description: 'Metrics for Prometheus, at /metrics of console and API.' }),
    partners: z.array(partnerEntry).default([]).meta({ description: 'One entry for each relationship.' }),
    history: z
      .strictObject({
        leases: kept('changes of leases', 1_000_000),
        events: kept('lease events for machines', 500_000, '7d'),
        decisions: kept('decisions: refusals to answer, failed allocations, rejected updates', 100_000),
      })
      .prefault({})
      .meta({ description: 'How much of what explains is kept in the database; what is beyond age or count goes.' }),
  })
  .meta({ description: 'What is true of this server only. Never copied to the partner.' })

/** Reasons for each default stand in docs/operating/configuration.md. */
const relationship = z
  .strictObject({
    name: relationshipName('The same on both servers: each tells the other.'),
    primary: serverName('Name of the primary: it opens the connection and answers new clients while all is well.'),
    secondary: serverName('Name of the secondary.'),
    transport: z.enum(['tls', 'insecure']).meta({
      description: 'How the servers talk. Must be written: insecure lets anyone on the path read and change bindings.',
    }),
    mclt: duration(
      'Maximum client lead time: how far a lease may run ahead of what the partner knows. Default: 1h.',
    ).prefault('1h'),
    keepalive: duration('Silence after which the partner counts as out of contact. Default: 60s.').prefault('60s'),
    contactsPerKeepalive: count(
      "CONTACT messages in each of the partner's keepalive periods. Default: 4.",
      100,
    ).default(4),
    startup: duration(
      'How long a starting server tries to reach its partner before it serves alone; longer than reconnect, better by 5s. Default: 10s.',
    ).prefault('10s'),
    initialState: z.enum(['recover', 'partner-down']).default('recover').meta({
      description: 'State of a server that has never run. partner-down only if its partner does not exist yet.',
    }),
    reconnect: duration('Pause between attempts to connect. Default: 5s.').prefault('5s'),
    reconnectAfterRefusal: duration('Pause after the partner refused us. Default: 60s.').prefault('60s'),
    maxUnackedUpdates: count(
      'Updates that the partner may send us without waiting for an answer. Default: 256.',
      65_535,
    ).default(256),
    acknowledgementStall: durationOrOff(
      'Contact ends if updates wait so long without any answer; off: never. Default: 60s.',
    ).prefault('60s'),
    upddoneStall: duration('Contact ends if a resynchronisation makes no progress for so long. Default: 5m.').prefault(
      '5m',
    ),
    autoPartnerDown: durationOrOff(
      'Declare the partner down by itself after so long without contact. Default: off.',
    ).prefault('off'),
    fixedPrefixLength: z.boolean().default(true).meta({
      description:
        'Tells the partner that all prefixes cut out of one pool have one length, as they always do here. Default: true.',
    }),
    secondaryPrefixShare: fraction("The secondary's part of the free prefixes. Default: 0.5.").default(0.5),
    prefixRebalanceThreshold: fraction(
      'How far that part may be off, of the total, before it is put right. Default: 0.1.',
    ).default(0.1),
    doubleLease: z.enum(['latest', 'both']).default('latest').meta({
      description:
        'A client that got a lease from each server while they were apart keeps the latest one, or both. Default: latest.',
    }),
    activeStandby: z.boolean().default(false).meta({
      description:
        'The secondary offers leases of its own share to new clients while all is well too, at a lower preference. Default: false.',
    }),
    unansweredAfter: duration(
      'On the secondary: a client that has asked the primary in vain for so long counts as unanswered. Default: 10s.',
    ).prefault('10s'),
    unansweredAlarm: z
      .union([count('So many unanswered clients are an alarm; off: never. Default: 5.', 4096), z.literal('off')])
      .default(5),
  })
  .meta({ description: 'A failover relationship (RFC 8156). May be the same text on both servers.' })

const lifetimes = z
  .strictObject({
    valid: duration('Valid lifetime of a lease. Default: 4h.').optional(),
    preferred: duration('Preferred lifetime. Default: three quarters of the valid lifetime.').optional(),
    t1: fraction('When a client renews, of the preferred lifetime that it got. Default: 0.5.').optional(),
    t2: fraction('When it turns to any server, of the preferred lifetime that it got. Default: 0.8.').optional(),
  })
  .meta({ description: 'Lifetimes of leases and the moments at which clients come back.' })

const dns = z
  .strictObject({
    servers: z.array(ipv6Address('DNS server.')).optional(),
    search: z.array(domainName('Domain to search.')).optional(),
  })
  .meta({ description: 'Told to clients that ask for it.' })

const IAID_MAX = 0xffff_ffff

const reservation = z
  .strictObject({
    duid: duid('Identifier of the client, as its leases show it.'),
    iaid: z
      .int()
      .min(0)
      .max(IAID_MAX)
      .optional()
      .meta({ description: 'Which of its identity associations; absent: the first one that asks.' }),
    address: ipv6Address('An address of the subnet, in a pool or not.').optional(),
    prefix: ipv6Prefix('A prefix to delegate: out of a pool, in its length, or from outside of all pools.').optional(),
    hostname: domainName('Shown with the lease and told to the partner, whatever the client calls itself.').optional(),
  })
  .check(({ value, issues }) => {
    // A misspelt field is told by itself.
    if (issues.length > 0 || (value.address === undefined) !== (value.prefix === undefined)) return
    const message = value.address === undefined ? 'reserves nothing' : 'reserves an address and a prefix at once'
    const remedy = 'Write either address or prefix; a client that gets both has two reservations.'
    issues.push({ code: 'custom', input: value, message, params: { remedy } })
  })
  .meta({ description: 'A lease kept for one client. The same on both servers of a pair.' })

const subnet = z.strictObject({
  prefix: ipv6Prefix(
    'The prefix of the link: relays with an address in it, and clients on the interfaces, belong here.',
  ),
  interfaces: z
    .array(interfaceName('Interface of a server that is on this link.'))
    .default([])
    .meta({ description: 'For clients without a relay. May list the interfaces of both servers.' }),
  relationship: relationshipName('The pair that serves it; absent: this server alone, from the whole pool.').optional(),
  addressPools: z
    .array(
      z.union([
        addressRange('first-last, or a prefix.'),
        z.strictObject({
          range: addressRange('first-last, or a prefix.'),
          allocation: z.enum(['independent', 'proportional']).default('independent').meta({
            description:
              'independent: the servers give odd and even addresses. proportional: free addresses are evened out like prefixes; for small pools, and only between two servers of this make. Default: independent.',
          }),
        }),
      ]),
    )
    .default([]),
  prefixPools: z
    .array(
      z.strictObject({
        prefix: ipv6Prefix('Prefixes are delegated out of it.'),
        delegatedLength: z.int().min(1).max(128).meta({ description: 'Length of each delegated prefix.' }),
      }),
    )
    .default([]),
  reservations: z.array(reservation).default([]).meta({ description: 'Leases that are kept for their clients.' }),
  lifetimes: lifetimes.optional(),
  rapidCommit: z
    .boolean()
    .optional()
    .meta({ description: 'Answer SOLICIT at once where the client asks for it. Default: false.' }),
  dns: dns.optional(),
})

export const fileSchema = z
  .strictObject({
    node,
    relationships: z.array(relationship).default([]),
    subnets: z.array(subnet).default([]),
    defaults: z
      .strictObject({ lifetimes: lifetimes.optional(), rapidCommit: z.boolean().optional(), dns: dns.optional() })
      .prefault({})
      .meta({ description: 'For subnets that say nothing else, field by field.' }),
    testing: z
      .strictObject({
        shortTimers: z.boolean().default(false).meta({
          description:
            'Lifts the floor of 30 s on lifetimes and MCLT. For tests and demos only: said loudly at each start.',
        }),
      })
      .prefault({}),
  })
  .meta({ title: 'Tandem configuration', description: 'One DHCPv6 server of a failover pair.' })

export type ConfigurationFile = z.output<typeof fileSchema>
export type SubnetSection = ConfigurationFile['subnets'][number]
export type RelationshipSection = ConfigurationFile['relationships'][number]
