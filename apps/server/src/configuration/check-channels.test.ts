/** The private channel in the configuration: what is refused, with which remedy, and what is accepted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfiguration, problemText } from './load-configuration.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-channel-'))
  // Only that they can be read is looked at before the start.
  for (const name of ['a.pem', 'a.key', 'b.pem', 'authority.pem']) writeFileSync(join(folder, name), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

const tls = (certificate = 'a.pem', accepted = 'beta') =>
  `tls: { certificate: ${certificate}, key: a.key, authority: authority.pem, acceptedNames: [${accepted}] }`

function parse(partner: string, transport = 'tls', more = '') {
  const text = `node:
  name: alpha
  storage: file:./alpha.db
  interfaces: [eth0]
  partners:
    - { relationship: pair, local: '[::1]:6471', partner: '[::1]:6472', ${partner} }
${more === '' ? '' : `    - { relationship: other, local: '[::1]:6571', partner: '[::2]:6572', ${more} }`}
relationships:
  - { name: pair, primary: alpha, secondary: beta, transport: ${transport} }
${more === '' ? '' : '  - { name: other, primary: alpha, secondary: gamma, transport: tls }'}
`
  return parseConfiguration(text, join(folder, 'alpha.yaml'))
}

const complaints = (loaded: ReturnType<typeof parse>): readonly string[] =>
  loaded.ok ? [] : loaded.problems.map((problem) => problemText('alpha.yaml', problem))

const CHANNEL = "channel: { local: '[::1]:8069', partner: '192.0.2.2:8069' }"

test('without it there is none', () => {
  const loaded = parse(tls())
  expect(loaded.ok && loaded.configuration.node.partnerLinks[0]?.channel).toBeUndefined()
  expect(complaints(loaded)).toEqual([])
})

test('its two ends are understood, and may be of another kind of address than failover', () => {
  const loaded = parse(`${tls()}, ${CHANNEL}`)
  expect(complaints(loaded)).toEqual([])
  expect(loaded.ok && loaded.configuration.node.partnerLinks[0]?.channel).toEqual({
    localAddress: '::1',
    localPort: 8069,
    partnerAddress: '192.0.2.2',
    partnerPort: 8069,
    sharesAccounts: true,
  })
})

test('beside an insecure transport it needs certificates of its own, and may have them', () => {
  expect(complaints(parse(CHANNEL, 'insecure'))).toEqual([
    expect.stringMatching(
      /^alpha.yaml:6: node.partners\[0\].channel: has no certificates: .* Add tls with certificate/u,
    ),
  ])
  expect(complaints(parse(`${tls()}, ${CHANNEL}`, 'insecure'))).toEqual([])
})

test.each([
  [
    "channel: { local: '[::1]:6471', partner: '[::1]:8069' }",
    /channel.local: \[::1\]:6471 is taken by failover of pair/u,
  ],
  ["channel: { local: '127.0.0.1:8067', partner: '[::1]:1' }", /channel.local: 127.0.0.1:8067 is taken by console/u],
  [
    "channel: { local: '[::1]:8069', partner: '[::1]:8069' }",
    /channel.partner: both ends of the channel are the same/u,
  ],
  [
    "channel: { local: 'localhost:8069', partner: '[::1]:8069' }",
    /channel.local: "localhost:8069" is not an IP address/u,
  ],
  ["channel: { local: '[::1]:8069' }", /channel.partner/u],
])('%s is refused', (channel, complaint) => {
  const told = complaints(parse(`${tls()}, ${channel}`))
  expect(told.filter((line) => complaint.test(line))).toHaveLength(1)
})

test('two relationships may share one listener only with one certificate, though the names that they accept differ', () => {
  const other = "channel: { local: '[::1]:8069', partner: '[::2]:8069' }"
  expect(complaints(parse(`${tls()}, ${CHANNEL}`, 'tls', `${tls('a.pem', 'gamma')}, ${other}`))).toEqual([])
  expect(complaints(parse(`${tls()}, ${CHANNEL}`, 'tls', `${tls('b.pem', 'gamma')}, ${other}`))).toEqual([
    expect.stringContaining('[::1]:8069 is where the partner of pair is answered too, with other TLS files'),
  ])
})
