/** What an operator reads when the file is wrong: file, line, field, fault, remedy, and all of it at once. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { publishedSchemaText } from './json-schema.ts'
import { parseConfiguration, problemText } from './load-configuration.ts'

const ALPHA = `node:
  name: alpha
  storage: file:./alpha.db
  listeners:
    - { address: '::1', port: 10547, replyTo: source }
  partners:
    - relationship: pair
      local: '[::1]:6471'
      partner: '[::1]:6472'
      console: http://127.0.0.1:8068
relationships:
  - name: pair
    primary: alpha
    secondary: beta
    transport: insecure
subnets:
  - prefix: 2001:db8:1::/64
    relationship: pair
    addressPools: ['2001:db8:1::1000-2001:db8:1::1fff']
    prefixPools:
      - prefix: 2001:db8:8000::/40
        delegatedLength: 56
`

function problems(text: string): readonly string[] {
  const loaded = parseConfiguration(text, '/etc/tandem/alpha.yaml')
  return loaded.ok ? [] : loaded.problems.map((problem) => problemText('alpha.yaml', problem))
}

function changed(from: string, to: string): string {
  if (!ALPHA.includes(from)) throw new Error(`no ${from} in the example`)
  return ALPHA.replace(from, to)
}

function accepted(text: string) {
  const loaded = parseConfiguration(text, '/etc/tandem/alpha.yaml')
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problemText('alpha.yaml', problem)).join('\n'))
  return loaded.configuration
}

test('a right file becomes what adapters and engine run with', () => {
  const { node, engine, warnings } = accepted(ALPHA)
  expect(node.storageUrl).toBe('file:/etc/tandem/alpha.db')
  expect(node.api).toEqual({ host: '127.0.0.1', port: 8067, tls: undefined })
  expect(node.clientListeners).toEqual([
    { id: 'unicast:[::1]:10547', kind: 'unicast', address: '::1', port: 10547, replyTo: 'source' },
  ])
  expect(node.partnerLinks[0]).toMatchObject({
    role: 'primary',
    localAddress: '::1',
    localPort: 6471,
    partnerPort: 6472,
  })
  expect(engine.relationships[0]).toMatchObject({
    role: 'primary',
    partnerName: 'beta',
    partnerAddress: 1n,
    mcltSeconds: 3600,
    keepaliveSeconds: 60,
    autoPartnerDownSeconds: undefined,
    acknowledgementStallSeconds: 60,
  })
  expect(engine.subnets[0]).toMatchObject({
    id: '2001:db8:1::/64',
    lifetimes: { validSeconds: 14_400, preferredSeconds: 10_800, t1Fraction: 0.5, t2Fraction: 0.8 },
    addressPools: [{ id: '2001:db8:1::1000-2001:db8:1::1fff' }],
    prefixPools: [{ id: '2001:db8:8000::/40-56', delegatedLength: 56 }],
  })
  expect(warnings.join()).toContain('not encrypted')
})

test('the same service sections make the other server the secondary', () => {
  const { engine, node } = accepted(changed('name: alpha', 'name: beta'))
  expect(engine.relationships[0]).toMatchObject({ role: 'secondary', partnerName: 'alpha' })
  expect(node.partnerLinks[0]?.role).toBe('secondary')
})

test('defaults reach subnets field by field, and a preferred lifetime stays with its own valid one', () => {
  const defaults =
    'defaults: { lifetimes: { valid: 2h, preferred: 1h, t1: 0.4 }, dns: { servers: ["2001:db8::53"] } }\n'
  const [first] = accepted(ALPHA + defaults).engine.subnets
  expect(first?.lifetimes).toEqual({ validSeconds: 7200, preferredSeconds: 3600, t1Fraction: 0.4, t2Fraction: 0.8 })
  expect(first?.dnsServers).toHaveLength(1)
  const own = ALPHA.replace('    prefixPools', '    lifetimes: { valid: 100s }\n    prefixPools') + defaults
  expect(accepted(own).engine.subnets[0]?.lifetimes).toMatchObject({ validSeconds: 100, preferredSeconds: 75 })
})

test('short timers are allowed for tests, with a loud warning', () => {
  const short = changed('    transport', '    mclt: 5s\n    transport')
  expect(problems(short)).toEqual([
    'alpha.yaml:15: relationships[0].mclt: 5 s is less than 30 s, the shortest that failover may be used for. Write 30s or more; only a test may set testing.shortTimers.',
  ])
  expect(accepted(`${short}testing: { shortTimers: true }\n`).warnings[0]).toMatch(/^TESTING: /u)
})

test('an unknown field is refused on its line, with the name that was meant', () => {
  expect(problems(changed('    transport', '    keepAlives: 8s\n    transport'))).toEqual([
    'alpha.yaml:15: relationships[0].keepAlives: there is no such field. Did you mean keepalive?',
  ])
})

test('all problems are told at once, also beside an unknown field', () => {
  const wrong = changed('name: alpha', 'name: gamma').replace(
    'delegatedLength: 56',
    'delegatedLength: 40\n        colour: red',
  )
  expect(problems(wrong).map((line) => line.split(': ', 2).join(': '))).toEqual([
    'alpha.yaml:12: relationships[0]',
    'alpha.yaml:22: subnets[0].prefixPools[0].delegatedLength',
    'alpha.yaml:23: subnets[0].prefixPools[0].colour',
  ])
})

test('an address pool may be proportional, and is then small and shared', () => {
  const pool = (range: string, more = ''): string =>
    changed("addressPools: ['2001:db8:1::1000-2001:db8:1::1fff']", `addressPools: [{ range: '${range}'${more} }]`)
  expect(accepted(pool('2001:db8:1::1000/116')).engine.subnets[0]?.addressPools).toEqual([
    { id: '2001:db8:1::1000-2001:db8:1::1fff', first: expect.any(BigInt), last: expect.any(BigInt) },
  ])
  const shared = accepted(pool('2001:db8:1::1000/116', ', allocation: proportional')).engine.subnets[0]
  expect(shared?.addressPools).toMatchObject([{ allocation: 'proportional' }])
  const big = pool('2001:db8:1::/111', ', allocation: proportional')
  expect(problems(big)).toEqual([
    'alpha.yaml:19: subnets[0].addressPools[0]: 2001:db8:1::-2001:db8:1::1:ffff has 131072 addresses, too many to be told one by one. Make it at most 65536 addresses, or leave out allocation: big pools need no balance.',
  ])
  const alone = pool('2001:db8:1::1000/116', ', allocation: proportional').replace(
    '    relationship: pair\n    address',
    '    address',
  )
  expect(problems(alone).join()).toMatch(
    /is proportional, and there is no partner to share it with. Leave out allocation/u,
  )
})

const RESERVED = (fields: string): string => `${ALPHA}    reservations: [{ ${fields} }]\n`

test('reservations are read with every way of writing a DUID', () => {
  const written = ['00:03:00:01:AA:bb', '00-03-00-01-aa-bb', '00030001aabb']
  for (const duid of written) {
    const [subnet] = accepted(RESERVED(`duid: '${duid}', iaid: 7, address: '2001:db8:1::beef', hostname: mail`)).engine
      .subnets
    expect(subnet?.reservations).toEqual([
      {
        duid: '00030001aabb',
        iaid: 7,
        kind: 'address',
        prefix: { address: expect.any(BigInt), length: 128 },
        hostname: 'mail',
      },
    ])
  }
  const [subnet] = accepted(RESERVED("duid: 00:03:00:01:aa:bb, prefix: '2001:db8:8000:100::/56'")).engine.subnets
  expect(subnet?.reservations).toMatchObject([{ kind: 'prefix', prefix: { length: 56 }, iaid: undefined }])
})

test.each([
  [
    "duid: 00:03, address: '2001:db8:1::5'",
    /:23: subnets\[0\].reservations\[0\].duid: "00:03" is not a DUID: .* Write it like/u,
  ],
  [
    "duid: 0003000102, address: '2001:db8:1::5'",
    /reservations\[0\].duid: 3000102 is a bare number. Put a DUID in quotes, so that no digit is lost.$/u,
  ],
  ['duid: 00:03:01, iaid: 7', /reservations\[0\]: reserves nothing. Write either address or prefix/u],
  [
    "duid: 00:03:01, address: '2001:db8:1::5', prefix: '2001:db8:8000::/56'",
    /reservations\[0\]: reserves an address and a prefix at once. Write either/u,
  ],
  ["duid: 00:03:01, address: '2001:db8:2::5'", /reservations\[0\].address: 2001:db8:2::5 is not inside the subnet/u],
  [
    "duid: 00:03:01, adress: '2001:db8:1::5'",
    /reservations\[0\].adress: there is no such field. Did you mean address[?]$/u,
  ],
  [
    "duid: 00:03:01, prefix: '2001:db8:8000::/60'",
    /reservations\[0\].prefix: .* has not the length 56 .* Write a prefix of length 56, or one outside of the pool.$/u,
  ],
])('a reservation of %s is refused with its line, field and remedy', (fields, expected) => {
  expect(problems(RESERVED(fields)).join('\n')).toMatch(expected)
})

test.each([
  [
    'transport: insecure',
    'keepalive: 60s',
    /^alpha.yaml:12: relationships\[0\].transport: is missing. Write tls or insecure.$/u,
  ],
  [
    'transport: insecure',
    'transport: plain',
    /:15: relationships\[0\].transport: "plain" is none of its values. Write tls or insecure.$/u,
  ],
  [
    '    transport',
    '    mclt: 3600\n    transport',
    /:15: relationships\[0\].mclt: 3600 is a bare number. .* as in 3600s.$/u,
  ],
  [
    '    transport',
    '    mclt: 1 hour\n    transport',
    /:15: relationships\[0\].mclt: "1 hour" is not a duration: .* Write it like "120s".$/u,
  ],
  [
    '2001:db8:1::/64',
    '2001:db8:1::7/64',
    /:17: subnets\[0\].prefix: "2001:db8:1::7\/64" is not an IPv6 prefix whose bits/u,
  ],
  ["'[::1]:6472'", '6472', /:9: node.partners\[0\].partner: 6472 is a bare number/u],
  [
    "'[::1]:6472'",
    "'::1:6472'",
    /:9: node.partners\[0\].partner: "::1:6472" is not an IPv6 address in brackets with a port. Write it like/u,
  ],
  ["'[::1]:6472'", "'[::1]:6471'", /:9: node.partners\[0\].partner: both ends of the connection are the same/u],
  ['replyTo: source', 'replyTo: sender', /:5: node.listeners\[0\].replyTo: "sender" is none of its values/u],
  ['port: 10547', 'port: 70000', /:5: node.listeners\[0\].port: 70000 is too much. Write 65535 or less.$/u],
  ['1000-2001:db8:1::1fff', '1fff-2001:db8:1::1000', /:19: subnets\[0\].addressPools\[0\]: .* is not a range/u],
  [
    'addressPools: [',
    "addressPools: ['2001:db8:2::/120', ",
    /:19: subnets\[0\].addressPools\[0\]: 2001:db8:2::-2001:db8:2::ff is not inside/u,
  ],
  [
    'relationship: pair\n      local',
    'relationship: pear\n      local',
    /:7: node.partners\[0\].relationship: there is no relationship named pear/u,
  ],
  [
    'transport: insecure',
    'transport: tls',
    /:7: node.partners\[0\].tls: is missing, and the transport of pair is tls/u,
  ],
  ['secondary: beta', 'secondary: alpha', /:14: relationships\[0\].secondary: alpha is the primary too/u],
  [
    '  partners:',
    '  api: { listen: "0.0.0.0:80" }\n  partners:',
    /:6: node.api.listen: 0.0.0.0 is not loopback, and plain HTTP is for loopback only. Add node.api.tls/u,
  ],
  [
    '  partners:',
    '  interfaces: [eth0, { name: eth0 }]\n  partners:',
    /:6: node.interfaces\[1\]: eth0 port 547 stands above already/u,
  ],
  [
    '  partners:',
    '  interfaces: [{ name: eth0, reply: source }]\n  partners:',
    /:6: node.interfaces\[0\].reply: there is no such field. Did you mean replyTo[?]$/u,
  ],
  [
    '  partners:',
    '  interfaces: [{ name: eth0, colour: red }]\n  partners:',
    /:6: node.interfaces\[0\].colour: there is no such field. Remove it; known here: name, port, replyTo.$/u,
  ],
  ['name: alpha', 'name: "al pha"', /:2: node.name: "al pha" is not a server name/u],
  [
    'storage: file:./alpha.db',
    'storage: mysql://x',
    /:3: node.storage: "mysql:\/\/x" is not the URL of a database file/u,
  ],
  [
    'storage: file:./alpha.db',
    'storage: postgresql://tandem:secret@db/alpha',
    /:3: node.storage: a password does not belong here.*PGPASSWORD/u,
  ],
  ['storage: file:./alpha.db', 'storage: postgresql://tandem@db', /:3: node.storage: the URL names no database/u],
  [
    'storage: file:./alpha.db',
    'storage: postgresql://tandem@db/alpha?statement_timeout=5',
    /:3: node.storage: statement_timeout cannot be set in this URL/u,
  ],
])('%j written as %j is refused with its line, field and remedy', (from, to, expected) => {
  const found = problems(changed(from, to))
  expect(
    found.some((line) => expected.test(line)),
    found.join('\n'),
  ).toBe(true)
})

test('a server that hears nobody is refused', () => {
  expect(problems(changed("    - { address: '::1', port: 10547, replyTo: source }", '    []'))[0]).toContain(
    'node: this server hears no client',
  )
})

test('one partner address is reached by one transport only', () => {
  const second = changed(
    'relationships:\n',
    'relationships:\n  - { name: two, primary: alpha, secondary: beta, transport: tls }\n',
  ).replace('  partners:\n', "  partners:\n    - { relationship: two, local: '[::1]:6473', partner: '[::1]:6474' }\n")
  expect(problems(second).join('\n')).toContain('::1 is reached by insecure here and by tls for two')
})

test('a second relationship with the same partner is possible, and not advised', () => {
  const second = changed(
    'relationships:\n',
    'relationships:\n  - { name: two, primary: beta, secondary: alpha, transport: insecure }\n',
  ).replace('  partners:\n', "  partners:\n    - { relationship: two, local: '[::1]:6471', partner: '[::1]:6472' }\n")
  expect(accepted(second).warnings).toContain(
    'two and pair are with the same partner: one relationship for a pair of servers is enough, and easier to run.',
  )
  expect(accepted(ALPHA).warnings.join()).not.toContain('same partner')
})

/** `pair` and `two` with one partner, each with its own TLS section. */
function twoOverTls(role: 'primary' | 'secondary', acceptedByTwo: string): readonly string[] {
  const names = role === 'primary' ? 'primary: alpha, secondary: beta' : 'primary: beta, secondary: alpha'
  const tls = (name: string) =>
    `tls: { certificate: a.pem, key: a.key, authority: ca.pem, acceptedNames: [${name}], minimumVersion: '1.3' }`
  const text = changed(
    '    primary: alpha\n    secondary: beta\n    transport: insecure',
    `    ${names.replace(', ', '\n    ')}\n    transport: tls`,
  )
    .replace('relationships:\n', `relationships:\n  - { name: two, ${names}, transport: tls }\n`)
    .replace('      console', `      ${tls('beta')}\n      console`)
    .replace(
      '  partners:\n',
      `  partners:\n    - { relationship: two, local: '[::1]:6473', partner: '[::1]:6474', ${tls(acceptedByTwo)} }\n`,
    )
  return problems(text).filter((line) => !line.includes('ENOENT'))
}

test('relationships in which one partner calls need one TLS section, since its address is all that is known before TLS', () => {
  expect(twoOverTls('secondary', 'beta')).toEqual([])
  expect(twoOverTls('secondary', 'other')).toEqual([
    expect.stringMatching(/partners\[1\].tls: differs from the one of two, and both await ::1, .* Write the same/u),
  ])
  expect(twoOverTls('primary', 'other')).toEqual([])
})

test('a prefix in two relationships is refused, and so is a part of it', () => {
  const inTwo = (prefix: string) =>
    problems(
      changed(
        'relationships:\n',
        'relationships:\n  - { name: two, primary: alpha, secondary: gamma, transport: insecure }\n',
      )
        .replace(
          '  partners:\n',
          "  partners:\n    - { relationship: two, local: '[::1]:6473', partner: '[2001:db8::9]:647' }\n",
        )
        .replace('subnets:\n', `subnets:\n  - { prefix: '${prefix}', relationship: two }\n`),
    )
  expect(inTwo('2001:db8:7::/64')).toEqual([])
  expect(inTwo('2001:db8:1::/64')).not.toEqual([])
  expect(inTwo('2001:db8::/32').join('\n')).toContain('2001:db8:1::/64')
})

test('a relationship without a partner entry is refused', () => {
  const second = changed(
    'relationships:\n',
    'relationships:\n  - { name: two, primary: alpha, secondary: beta, transport: insecure }\n',
  )
  expect(problems(second)).toEqual([
    'alpha.yaml:12: relationships[0].name: node.partners has no entry for two, so the partner cannot be reached. Add one with relationship: two, local and partner.',
  ])
})

test('files that do not exist are told before anything starts', () => {
  const tls = '      tls: { certificate: a.pem, key: a.key, authority: ca.pem, acceptedNames: [beta] }\n'
  const text = changed('transport: insecure', 'transport: tls').replace('      console', `${tls}      console`)
  expect(problems(text).filter((line) => line.includes('ENOENT'))).toHaveLength(3)
})

test('a wrong default lifetime is told once, where it stands', () => {
  const text = `${ALPHA}  - prefix: 2001:db8:2::/64\ndefaults:\n  lifetimes:\n    valid: 10s\n`
  expect(problems(text)).toEqual([
    'alpha.yaml:26: defaults.lifetimes.valid: 10 s is less than 30 s, the shortest that failover may be used for. Write 30s or more; only a test may set testing.shortTimers.',
  ])
})

test('broken YAML is told by line, and an empty file says what it lacks', () => {
  expect(problems('node:\n  name: a\n  name: b\n')[0]).toMatch(/^alpha.yaml:3: Map keys must be unique/u)
  expect(problems("node: {name: 'a\n")[0]).toMatch(/^alpha.yaml:\d+: /u)
  expect(problems('')[0]).toMatch(/^alpha.yaml:1: /u)
})

test('the published schema is the one that the code holds', () => {
  const file = fileURLToPath(new URL('../../../../docs/generated/tandem.schema.json', import.meta.url))
  expect(readFileSync(file, 'utf8')).toBe(publishedSchemaText())
})

test.each(['alpha', 'beta', 'stand-alone'])(
  'the example %s is right but for its certificates, which nobody has yet',
  (name) => {
    const file = fileURLToPath(new URL(`../../../../docs/examples/${name}.yaml`, import.meta.url))
    const loaded = parseConfiguration(readFileSync(file, 'utf8'), file)
    const other = loaded.ok ? [] : loaded.problems.filter(({ message }) => !message.includes('cannot be read (ENOENT)'))
    expect(other).toEqual([])
  },
)
