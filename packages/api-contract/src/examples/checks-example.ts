/** A pair that works, with a certificate that ends soon. */
import type { CheckList } from '../resources/checks.ts'

export const checksExample: CheckList = {
  servers: [
    { serverName: 'alpha', outcome: 'told', problem: null, asOf: '2026-11-27T03:12:08.000Z' },
    { serverName: 'beta', outcome: 'told', problem: null, asOf: '2026-11-27T03:12:08.021Z' },
  ],
  items: [
    {
      subject: 'partner-certificates',
      serverName: 'alpha',
      relationship: 'alpha-beta',
      outcome: 'warning',
      what: 'Certificate of beta for failover',
      finding: 'It ends on 2026-12-09, in 12 days.',
      remedy: 'Replace its files before; no restart is needed.',
    },
    {
      subject: 'clock',
      serverName: 'alpha',
      relationship: 'alpha-beta',
      outcome: 'good',
      what: 'Clocks of alpha and beta',
      finding: 'They agree to 0.1 s.',
      remedy: null,
    },
    {
      subject: 'client-listener',
      serverName: 'beta',
      relationship: null,
      outcome: 'good',
      what: 'Clients at eth0 port 547',
      finding: 'Listens: multicast on this link; relays are answered at port 547.',
      remedy: null,
    },
  ],
}
