/** One Tandem server without a partner, with full sync: every REPLY waits for the disk, and for nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTandemServer } from '../../e2e/topology/tandem-server.ts'
import { toYaml } from '../../e2e/topology/yaml.ts'
import { DELEGATED_LENGTH, INTERFACE, POOL, PREFIX_POOL, SUBNET } from './bench-link.ts'
import type { Contestant, Served } from './contestant.ts'
import { lifetimes } from './tandem-pair.ts'

export const tandemAlone: Contestant = {
  key: 'tandem-alone',
  name: 'Tandem alone, full sync',
  async start(link, folder, serves) {
    mkdirSync(join(folder, 'alpha'), { recursive: true })
    const configurationFile = join(folder, 'alpha.yaml')
    writeFileSync(configurationFile, aloneConfiguration(serves))
    const logFile = join(folder, 'alpha.log')
    const { program } = await startTandemServer({ configurationFile, logFile, namespace: link.one })
    return {
      processes: [{ name: 'alpha', program }],
      settle: () => Promise.resolve(0),
      stop: async () => void (await program.stop()),
    }
  },
}

/** Its database is `alpha/tandem.db` beside the file. */
export function aloneConfiguration({ prefixes }: Served): string {
  const prefixPools = [{ prefix: PREFIX_POOL, delegatedLength: DELEGATED_LENGTH }]
  return toYaml({
    node: {
      name: 'alpha',
      storage: 'file:./alpha/tandem.db',
      interfaces: [INTERFACE],
      api: { listen: '127.0.0.1:8067' },
    },
    defaults: { lifetimes },
    subnets: [
      {
        prefix: SUBNET,
        interfaces: [INTERFACE],
        addressPools: [POOL],
        prefixPools: prefixes ? prefixPools : undefined,
      },
    ],
  })
}
