/** What a machine lacks is told in words that say what to do. */
import { describe, expect, it } from 'vitest'
import { missingPackages } from './debian-packages.ts'
import { missingNeeds } from './machine.ts'
import type { Machine } from './machine.ts'
import { network, playwright, programs } from './suite-kinds.ts'

const machine = (changes: Partial<Machine>): Machine => ({
  isRoot: true,
  isDebian: true,
  hasNetworkNamespaces: () => true,
  hasProgram: () => true,
  ...changes,
})
const suite = network('clients', programs.dhclient, programs.tshark)

describe('the needs of a suite', () => {
  it('are met by root on a Debian machine that has its programs', () => {
    expect(missingNeeds(suite.needs, machine({}))).toEqual([])
  })

  it('are missing without root, whatever is installed', () => {
    expect(missingNeeds(suite.needs, machine({ isRoot: false }))).toEqual(['needs root'])
  })

  it('are missing for root where namespaces are refused', () => {
    expect(missingNeeds(suite.needs, machine({ hasNetworkNamespaces: () => false }))).toEqual([
      'needs network namespaces, refused here',
    ])
  })

  it('name the program and the package that brings it', () => {
    const without = { hasProgram: (name: string) => name !== 'dhclient' }
    const needs = [programs.dhclient]
    expect(missingNeeds(needs, machine({ ...without, isRoot: false }))).toEqual([
      'needs the program dhclient (as root: apt-get install isc-dhcp-client)',
    ])
    expect(missingNeeds(needs, machine({ ...without, isDebian: false }))[0]).toContain('not Debian')
    expect(missingNeeds(needs, machine(without))[0]).toContain('installing isc-dhcp-client failed')
  })
})

describe('the packages to install', () => {
  it('are those behind the missing programs, each once, in order', () => {
    const suites = [suite, suite, playwright('console')]
    expect(missingPackages(suites, machine({ hasProgram: () => false }))).toEqual([
      'chromium',
      'iproute2',
      'isc-dhcp-client',
      'tshark',
    ])
  })

  it('are none where everything is there', () => {
    expect(missingPackages([suite], machine({}))).toEqual([])
  })
})
