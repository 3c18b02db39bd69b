/** The two configuration files of the demo: only the node section differs. */

export interface DemoServer {
  readonly name: 'alpha' | 'beta'
  readonly apiPort: number
  readonly clientPort: number
  readonly failoverPort: number
  readonly channelPort: number
}

export interface DemoPlan {
  readonly portOffset: number
  readonly alpha: DemoServer
  readonly beta: DemoServer
}

/** The link addresses of the simulated relay, one in each subnet below. */
export const DEMO_LINKS = ['2001:db8:1::1', '2001:db8:2::1'] as const

/** `portOffset` moves every port, so that two demos fit on one machine. */
export function demoPlan(portOffset: number): DemoPlan {
  const server = (name: DemoServer['name'], index: number): DemoServer => ({
    name,
    apiPort: 8067 + portOffset + index,
    clientPort: 10547 + portOffset + index,
    failoverPort: 6471 + portOffset + index,
    channelPort: 6473 + portOffset + index,
  })
  return { portOffset, alpha: server('alpha', 0), beta: server('beta', 1) }
}

/** The text of each server's file. */
export function demoTexts({ alpha, beta }: DemoPlan): Readonly<Record<DemoServer['name'], string>> {
  return { alpha: demoConfiguration(alpha, beta), beta: demoConfiguration(beta, alpha) }
}

function demoConfiguration(own: DemoServer, partner: DemoServer): string {
  return `# Made by "tandem demo"; yours to change. "tandem demo --fresh" begins anew.
node:
  name: ${own.name}
  storage: file:./${own.name}/tandem.db
  listeners:
    - { address: '::1', port: ${own.clientPort}, replyTo: source }
  api:
    listen: 127.0.0.1:${own.apiPort}
  partners:
    - relationship: alpha-beta
      local: '[::1]:${own.failoverPort}'
      partner: '[::1]:${partner.failoverPort}'
      tls:
        certificate: certificates/${own.name}.pem
        key: certificates/${own.name}.key
        authority: certificates/authority.pem
        acceptedNames: [${partner.name}]
      channel: { local: '[::1]:${own.channelPort}', partner: '[::1]:${partner.channelPort}' }
      console: http://127.0.0.1:${partner.apiPort}

# From here on, both files are the same.
# The times are short, so that everything that has to be waited for is seen within two minutes.
relationships:
  - name: alpha-beta
    primary: alpha
    secondary: beta
    transport: tls
    mclt: 60s
    keepalive: 8s
    startup: 5s
    reconnect: 2s
    reconnectAfterRefusal: 5s

defaults:
  lifetimes: { valid: 120s, preferred: 120s, t1: 0.25, t2: 0.5 }
  dns:
    servers: ['2001:db8::53']
    search: [example.com]

subnets:
  - prefix: '2001:db8:1::/64'
    relationship: alpha-beta
    addressPools: ['2001:db8:1::1000-2001:db8:1::10ff']
    prefixPools:
      - { prefix: '2001:db8:8000::/50', delegatedLength: 56 }
  - prefix: '2001:db8:2::/64'
    relationship: alpha-beta
    addressPools: ['2001:db8:2::1000-2001:db8:2::10ff']
    prefixPools:
      - { prefix: '2001:db8:9000::/50', delegatedLength: 56 }
`
}
