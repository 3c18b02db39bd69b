/** One Tandem server without a partner, with full sync: every REPLY waits for the disk, and for nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTandemServer, type TandemServer } from '../../e2e/topology/tandem-server.ts'
import { toYaml } from '../../e2e/topology/yaml.ts'
import { DELEGATED_LENGTH, INTERFACE, POOL, PREFIX_POOL, SUBNET, type BenchLink } from './bench-link.ts'
import type { Contestant, Served } from './contestant.ts'
import { lifetimes } from './tandem-pair.ts'

export const tandemAlone: Contestant = {
  key: 'tandem-alone',
  name: 'Tandem alone, full sync',
  async start(link, folder, serves) {
    const { program } = await startTandemAlone(link, { folder, serves })
    return {
      processes: [{ name: 'alpha', program }],
      settle: () => Promise.resolve(0),
      stop: async () => void (await program.stop()),
    }
  },
}

export interface TandemAlonePlace {
  readonly folder: string
  readonly serves: Served
  /** As `node.storage`; absent: a database file. */
  readonly storage?: string
  readonly environment?: Readonly<Record<string, string>>
  /** For a store that holds much already. */
  readonly startLimitMs?: number
}

/** Its database may be there already. */
export async function startTandemAlone(link: BenchLink, place: TandemAlonePlace): Promise<TandemServer> {
  const { folder, serves, storage, ...more } = place
  mkdirSync(join(folder, 'alpha'), { recursive: true })
  const configurationFile = join(folder, 'alpha.yaml')
  writeFileSync(configurationFile, aloneConfiguration(serves, storage))
  return startTandemServer({ configurationFile, logFile: join(folder, 'alpha.log'), namespace: link.one, ...more })
}

export function aloneConfiguration({ prefixes }: Served, storage = 'file:./alpha/tandem.db'): string {
  const prefixPools = [{ prefix: PREFIX_POOL, delegatedLength: DELEGATED_LENGTH }]
  return toYaml({
    node: {
      name: 'alpha',
      storage,
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
