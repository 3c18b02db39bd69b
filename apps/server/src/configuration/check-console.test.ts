/** Where console and API listen, and with which certificate: what is refused, with which remedy, and what is accepted. */
import { expect, test } from 'vitest'
import { parseConfiguration, problemText } from './load-configuration.ts'

const parse = (api: string) =>
  parseConfiguration(
    `node: { name: alpha, storage: 'file:./alpha.db', interfaces: [eth0], api: ${api} }\n`,
    '/etc/tandem/alpha.yaml',
  )

test.each([
  [
    "{ listen: '0.0.0.0:80' }",
    /^alpha.yaml:1: node.api.listen: 0.0.0.0 is not loopback, and plain HTTP .* with selfMade: FOLDER .*; or listen on 127.0.0.1/u,
  ],
  ["{ listen: '[2001:db8::1]:80' }", /node.api.listen: 2001:db8::1 is not loopback/u],
  ['{ tls: { certificate: a.pem } }', /node.api.tls.key: is missing. Write certificate and key, or selfMade: FOLDER/u],
  ['{ tls: {} }', /node.api.tls.certificate: is missing/u],
  ['{ tls: { selfMade: tls, key: a.key } }', /node.api.tls.key: stands beside selfMade. Keep one of them/u],
  ['{ tls: { certificate: a.pem, key: a.key, names: [a] } }', /node.api.tls.names: says nothing beside a certificate/u],
  ['{ tls: { selfMade: tls, names: ["a b"] } }', /node.api.tls.names\[0\]: .*is not a host name or an address/u],
])('%s is refused', (api, complaint) => {
  const loaded = parse(api)
  const told = loaded.ok ? [] : loaded.problems.map((problem) => problemText('alpha.yaml', problem))
  expect(told.filter((line) => complaint.test(line))).toHaveLength(1)
})

test('a folder for a certificate that the server makes is as good as two files', () => {
  const loaded = parse("{ listen: '[::]:8067', tls: { selfMade: tls, names: [console.example.com, '2001:db8::1'] } }")
  expect(loaded.ok && loaded.configuration.node.api).toEqual({
    host: '::',
    port: 8067,
    tls: {
      certificateFile: '/etc/tandem/tls/alpha-console.pem',
      keyFile: '/etc/tandem/tls/alpha-console.key',
      selfMade: { names: ['console.example.com', '2001:db8::1'] },
    },
  })
})
