/** What the tests ask of a DHCPv6 client that is not ours: what it holds, and which messages brought it there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duid } from '@tandem/protocol'
import type { Namespace } from '../../topology/namespaces.ts'
import type { RunningProgram } from '../../topology/program.ts'

export const INTERFACE = 'v0'
/** Where a delegated prefix is used. */
export const INNER_INTERFACE = 'inner'

export interface ClientPlace {
  readonly name: string
  readonly namespace: Namespace
  /** For its configuration, leases and log; made by the client. */
  readonly folder: string
}

/** Something that the client told about itself, by its script, its lease file or its log. */
export interface ClientEvent {
  /** `bound`: a new lease; `ended`: one was lost. */
  readonly what: 'bound' | 'renewed' | 'rebound' | 'ended'
  readonly leases: readonly string[]
  /** DUID of the server that gave it, for clients that tell. */
  readonly server?: Duid
}

export interface RealClient {
  readonly name: string
  readonly program: RunningProgram
  /** What it has to hold once it is served. */
  readonly wants: { readonly address: boolean; readonly prefix: boolean }
  events(): readonly ClientEvent[]
  /** Global addresses on the interface that faces the servers. */
  interfaceAddresses(): readonly string[]
  stop(): Promise<void>
}

/** All leases that the client was given, `2001:db8::1` or `2001:db8::/56`, sorted. */
export function leasesOf(client: RealClient, ...kinds: readonly ClientEvent['what'][]): readonly string[] {
  const events = client.events().filter(({ what }) => kinds.length === 0 || kinds.includes(what))
  return [...new Set(events.flatMap(({ leases }) => leases))].toSorted()
}

export function isSatisfied(client: RealClient, leases: readonly string[]): boolean {
  const hasPrefix = leases.some((lease) => lease.includes('/'))
  const hasAddress = leases.some((lease) => !lease.includes('/'))
  return hasPrefix === client.wants.prefix && hasAddress === client.wants.address
}

export function interfaceAddresses({ namespace }: ClientPlace): readonly string[] {
  const lines = namespace.run('ip', '-6', '-o', 'address', 'show', 'dev', INTERFACE, 'scope', 'global')
  return [...lines.matchAll(/inet6 ([^/ ]+)/g)].map((match) => match[1] ?? '')
}

/**
 * The client's command in its namespace; what it keeps at a fixed place of the machine stays in its own folder:
 * `ip netns exec` gives each program its own view of the file system, so nobody else sees these mounts.
 */
export function privately(place: ClientPlace, systemFolders: readonly string[], command: readonly string[]) {
  const mounts = systemFolders.map((systemFolder) => {
    const own = join(place.folder, systemFolder.replaceAll('/', '_'))
    mkdirSync(own, { recursive: true })
    return `mkdir -p ${systemFolder} && mount --bind ${own} ${systemFolder}`
  })
  return place.namespace.inside('sh', '-ec', [...mounts, 'exec "$@"'].join('\n'), 'sh', ...command)
}

/** A script for the client to call, which writes down what it was called with: one block of variables for each call. */
export function writeRecorder(place: ClientPlace, applying = ''): { readonly script: string; readonly record: string } {
  const script = join(place.folder, 'record.sh')
  const record = join(place.folder, 'record.txt')
  writeFileSync(record, '')
  const lines = ['#!/bin/sh', `{ env | sort; echo '--'; } >> ${record}`, applying, 'exit 0', '']
  writeFileSync(script, lines.join('\n'), { mode: 0o755 })
  return { script, record }
}

export function readRecord(record: string): readonly ReadonlyMap<string, string>[] {
  const blocks = readFileSync(record, 'utf8').split(/^--$/m).slice(0, -1)
  return blocks.map((block) => {
    const variables = block.split('\n').map((line): [string, string] => {
      const [name = ''] = line.split('=', 1)
      return [name, line.slice(name.length + 1)]
    })
    return new Map(variables)
  })
}
