/** Filled stores hold what they say, in the form in which their servers read it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { activeBinding } from '../engines/filled-table.ts'
import { instant } from '@tandem/engine'
import { keaLeaseLine, writeKeaLeaseFile } from './kea-lease-file.ts'
import { countLeases, readStore, writeFilledStore } from './tandem-store.ts'

const NOW = Date.UTC(2026, 10, 20)
const folder = mkdtempSync(join(tmpdir(), 'filled-stores-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a server restores from its filled store the leases and the endpoint that were written', () => {
  const file = join(folder, 'tandem.db')
  writeFilledStore({ file, leases: 25, role: 'primary', stoppedAtMs: NOW })
  const { state, lastCommitNumber } = readStore(file)
  const bindings = [...state.bindings]
  expect(countLeases(file)).toBe(25)
  expect(bindings).toHaveLength(25)
  expect(bindings[24]).toEqual({ ...activeBinding(24, 'primary', instant(NOW)), lifetimeRule: undefined })
  expect(state.endpoints.map((endpoint) => endpoint.state)).toEqual(['NORMAL'])
  expect(state.ranUntil).toBe(NOW)
  expect(lastCommitNumber).toBe(2)
})

test('a line of Kea has as many fields as its head, and an address and a DUID of its own', () => {
  const line = keaLeaseLine(0x12345, NOW)
  expect(line.split(',')).toHaveLength(17)
  expect(line).toMatch(/^2001:db8:1::1:8001:2345,00:01:00:01:2a:00:00:00:02:0c:00:01:23:45,86400,1795219200,1,43200,0,/)
})

test('a lease file has its head and a line for each lease', () => {
  const file = join(folder, 'leases6.csv')
  writeKeaLeaseFile({ file, leases: 10_001, writtenAtMs: NOW })
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines[0]).toContain('address,duid,valid_lifetime,expire')
  expect(new Set(lines.slice(1)).size).toBe(10_001)
})
