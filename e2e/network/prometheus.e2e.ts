/** The alerts and the dashboard that come with Tandem, against a real Prometheus that scrapes a real pair. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { Prometheus } from '../monitoring/prometheus.ts'
import { waitUntil } from '../topology/wait-until.ts'

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const RULES = file('docs/operating/prometheus-rules.yaml')
const RULE_TESTS = file('e2e/monitoring/alerts.promtool.yaml')
const DASHBOARD = file('docs/operating/grafana-dashboard.json')

/** Of a pair where all is well: nothing is owed, refused, drained or failing, and no certificates are used. */
const MAY_BE_EMPTY = new Set([
  'How far the partner lags',
  'Rejected updates',
  'Clients that got nothing',
  'Runs out in',
  'Pools that are drained',
  'Not answered',
  'Certificates end in',
  'Webhooks',
  'Changes of state',
])

let pair: LoopbackPair
let prometheus: Prometheus | undefined
const client = AskingClient.start(1)
let passed = 0

beforeAll(async () => {
  pair = await makeLoopbackPair({ name: 'prometheus' })
  await pair.start()
  await pair.untilNormal(60_000)
  const targets = pair.servers.map(async (server) => ({
    instance: server.name,
    url: server.url,
    token: await server.token(),
  }))
  prometheus = await Prometheus.start(pair.folder, await Promise.all(targets), RULES)
  await (await client).acquire(pair.alpha)
  await waitUntil('both servers are scraped', 60_000, async () => {
    return (await prometheusNow().query('up == 1')).length === 2
  })
})

afterAll(async () => {
  ;(await client).close()
  await prometheus?.stop()
  await pair.end()
  if (passed === 4) pair.remove()
  else console.log(`logs and databases in ${pair.folder}`)
})

test('the rules are right, and each alert comes when it is said to', () => {
  // The file of tests names the rules beside it.
  copyFileSync(RULES, join(pair.folder, 'prometheus-rules.yaml'))
  const tests = join(pair.folder, 'alerts.promtool.yaml')
  copyFileSync(RULE_TESTS, tests)
  expect(promtool('check', 'rules', RULES)).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string })
  expect(promtool('test', 'rules', tests)).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string })
  const tested = new Set(namesIn(RULE_TESTS, /alertname="(\w+)", alertstate="firing", /gu))
  expect(namesIn(RULES, /alert: (\w+)/gu).filter((name) => !tested.has(name))).toEqual([])
  passed += 1
})

test('every metric that an alert or a panel names is one that servers tell', async () => {
  const told = await prometheusNow().metricNames()
  const expressions = [...panelQueries().map(({ expression }) => expression), readFileSync(RULES, 'utf8')]
  const named = new Set(expressions.flatMap((text) => text.match(/\b(?:tandem|process|nodejs)_\w+/gu) ?? []))
  expect(named.size).toBeGreaterThan(20)
  expect([...named].filter((name) => !told.has(name.replace(/_bucket$/u, '')))).toEqual([])
  passed += 1
})

test('every panel of the dashboard shows something of a pair that works, or has nothing to show', async () => {
  const queries = panelQueries()
  expect(queries.length).toBeGreaterThan(25)
  await waitUntil('rates are known', 60_000, async () => {
    const empty: string[] = []
    for (const { title, expression } of queries) {
      const samples = await prometheusNow().query(expression)
      if (samples.length === 0 && !MAY_BE_EMPTY.has(title)) empty.push(title)
    }
    if (empty.length > 0) throw new Error(`nothing in: ${empty.join(', ')}`)
    return true
  })
  const states = await prometheusNow().query('tandem_failover_state == 1')
  expect(states.map(({ metric }) => `${metric['instance']} ${metric['state']}`).toSorted()).toEqual([
    'alpha NORMAL',
    'beta NORMAL',
  ])
  expect(await alerts()).toEqual([])
  passed += 1
})

test('when one server is killed, both alerts that tell of it are on their way', async () => {
  await pair.alpha.kill()
  await waitUntil('the alerts', 60_000, async () => {
    const now = await alerts()
    if (!now.includes('TandemServerDown alpha') || !now.includes('TandemOutOfContact beta')) {
      throw new Error(now.join(', '))
    }
    return true
  })
  expect(await alerts()).not.toContain('TandemServerDown beta')
  passed += 1
})

function prometheusNow(): Prometheus {
  if (prometheus === undefined) throw new Error('Prometheus has not been started')
  return prometheus
}

/** Pending or firing. */
async function alerts(): Promise<readonly string[]> {
  const samples = await prometheusNow().query('ALERTS')
  return samples.map(({ metric }) => `${metric['alertname']} ${metric['instance']}`)
}

function promtool(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', [...args], { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

function namesIn(path: string, pattern: RegExp): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(pattern)].flatMap(([, name]) => name ?? [])
}

interface PanelQuery {
  readonly title: string
  readonly expression: string
}

/** As Grafana asks them with all servers and relationships chosen. */
function panelQueries(): readonly PanelQuery[] {
  const { panels, annotations } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
    readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[]
    readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] }
  }
  const asked = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expression: expr }))),
    ...annotations.list.map(({ name, expr }) => ({ title: name, expression: expr })),
  ]
  return asked.map(({ title, expression }) => ({
    title,
    expression: expression
      .replaceAll('$instance', '.*')
      .replaceAll('$relationship', '.*')
      .replaceAll('$__rate_interval', '15s'),
  }))
}
