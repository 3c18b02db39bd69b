/** The exported leases, as a spreadsheet or a program reads them. */
import { leaseExportColumns, routeExamples } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { exportHeader, exportLines } from './lease-export.ts'

const lease = routeExamples.getLease.answer

it('have a column for each name of the header, and the relay beside the client', () => {
  expect(exportHeader()).toBe(`${leaseExportColumns.join(',')}\r\n`)
  const [line, rest] = exportLines([lease]).split('\r\n')
  const fields = Object.fromEntries(leaseExportColumns.map((name, at) => [name, line?.split(',')[at]]))
  expect(fields).toMatchObject({
    lease: lease.lease,
    clientDuid: lease.client?.duid,
    hostName: lease.clientHostName,
    partnerHeardClientAt: '',
    owedToPartner: 'false',
    relayAddress: '2001:db8:ffff::2',
    interfaceId: 'port-1/7',
  })
  expect(rest).toBe('')
})

it('hold nothing that a spreadsheet would run, and no field that ends early', () => {
  const [relay] = lease.relays
  const hostile = { ...lease, clientHostName: '=cmd|calc', relays: [{ ...relay!, interfaceId: 'a,"b' }] }
  expect(exportLines([hostile])).toContain(",'=cmd|calc,")
  expect(exportLines([hostile])).toContain(',"a,""b",')
})
