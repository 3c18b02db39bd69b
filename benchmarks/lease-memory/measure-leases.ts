/** What one engine needs for its leases, in this process: memory that lives after full collections, and processor time of its start. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createEngine, type Binding } from '@tandem/engine'
import { benchConfiguration } from '../engines/bench-configuration.ts'
import { restoredWith } from '../engines/filled-table.ts'
import { START, type LeaseSort } from './lease-sorts.ts'

export interface LeaseMemory {
  readonly sort: string
  readonly heapOctetsPerLease: number
  /** Array buffers, which are no part of V8's heap. */
  readonly bufferOctetsPerLease: number
  /** Making the records among it. */
  readonly startCpuSeconds: number
}

/** What the first ones free is found garbage only by a later one. */
const COLLECTIONS = 4

export function measureLeases(sort: LeaseSort, leases: number): LeaseMemory {
  const before = living()
  const cpuBefore = process.cpuUsage()
  const state = { ...restoredWith(0, sort.role, START), bindings: bindingsOf(sort, leases) }
  const engine = createEngine(benchConfiguration(sort.role), state, START)
  const cpu = process.cpuUsage(cpuBefore)
  const after = living()
  // It has to live until here.
  if (engine.snapshot(START).pools.length === 0) throw new Error('the engine has pools')
  return {
    sort: sort.name,
    heapOctetsPerLease: (after.heapUsed - before.heapUsed) / leases,
    bufferOctetsPerLease: (after.arrayBuffers - before.arrayBuffers) / leases,
    startCpuSeconds: (cpu.user + cpu.system) / 1e6,
  }
}

function* bindingsOf({ lease }: LeaseSort, leases: number): Generator<Binding> {
  for (let client = 0; client < leases; client += 1) yield lease(client)
}

function living(): NodeJS.MemoryUsage {
  setFlagsFromString('--expose-gc')
  // A context that is made after the flag has it; nothing declares what it is.
  const collect = runInNewContext('gc') as () => void
  for (let collection = 0; collection < COLLECTIONS; collection += 1) collect()
  return process.memoryUsage()
}
