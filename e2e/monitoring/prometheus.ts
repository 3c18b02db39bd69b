/** A real Prometheus that scrapes servers, with rules, asked over its API. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startProgram, type RunningProgram } from '../topology/program.ts'
import { waitUntil } from '../topology/wait-until.ts'

const READY_WITHIN_MS = 60_000
/** A test waits for two of them. */
const SCRAPE_SECONDS = 1

export interface Scraped {
  /** Of the target, as it is in all of its metrics. */
  readonly instance: string
  readonly url: string
  readonly token: string
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export class Prometheus {
  readonly #program: RunningProgram
  readonly #url: string

  private constructor(program: RunningProgram, url: string) {
    this.#program = program
    this.#url = url
  }

  static async start(folder: string, targets: readonly Scraped[], ruleFile: string): Promise<Prometheus> {
    const home = join(folder, 'prometheus')
    mkdirSync(home)
    const configurationFile = join(home, 'prometheus.yml')
    writeFileSync(configurationFile, configurationOf(home, targets, ruleFile))
    const listen = `127.0.0.1:${await freePort()}`
    const program = startProgram({
      command: [
        'prometheus',
        `--config.file=${configurationFile}`,
        `--storage.tsdb.path=${join(home, 'data')}`,
        `--web.listen-address=${listen}`,
      ],
      logFile: join(home, 'log'),
    })
    const url = `http://${listen}`
    await waitUntil('Prometheus is ready', READY_WITHIN_MS, async () => {
      if (program.exit() !== undefined) throw new Error(`it has ended:\n${program.output().slice(-2000)}`)
      return (await fetch(`${url}/-/ready`)).ok
    })
    return new Prometheus(program, url)
  }

  /** What an expression gives now; throws what Prometheus objects to. */
  async query(expression: string): Promise<readonly Sample[]> {
    const { result } = (await this.#get('query', { query: expression })) as {
      readonly result: readonly { readonly metric: Sample['metric']; readonly value: readonly [number, string] }[]
    }
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
  }

  /** Names of all metrics that the targets tell of, with samples or without. */
  async metricNames(): Promise<ReadonlySet<string>> {
    const told = (await this.#get('targets/metadata', {})) as readonly { readonly metric: string }[]
    return new Set(told.map(({ metric }) => metric))
  }

  async stop(): Promise<void> {
    await this.#program.stop()
  }

  async #get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(query).toString()}`)
    const body = (await answer.json()) as { status: string; error?: string; data?: unknown }
    if (body.status !== 'success') throw new Error(`${query['query'] ?? path}: ${body.error}`)
    return body.data
  }
}

/** JSON is YAML, too. */
function configurationOf(home: string, targets: readonly Scraped[], ruleFile: string): string {
  const scrapes = targets.map(({ instance, url, token }) => {
    const tokenFile = join(home, `${instance}.token`)
    writeFileSync(tokenFile, token, { mode: 0o600 })
    return {
      job_name: instance,
      authorization: { credentials_file: tokenFile },
      static_configs: [{ targets: [new URL(url).host], labels: { job: 'tandem', instance } }],
    }
  })
  return JSON.stringify({
    global: { scrape_interval: `${SCRAPE_SECONDS}s`, evaluation_interval: `${SCRAPE_SECONDS}s` },
    rule_files: [ruleFile],
    scrape_configs: scrapes,
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}
