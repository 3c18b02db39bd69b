/** Ends of certificates are said thirty days ahead and once a day, broken files once. */
import { expect, test } from 'vitest'
import type { PartnerCertificates } from '../engine/engine-service.ts'
import { CertificateLog } from './certificate-log.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.UTC(2026, 10, 26)

function lookWith() {
  const lines: string[] = []
  const log = new CertificateLog({ write: (level, id, message) => lines.push(`${level} ${id} ${message}`) })
  const certificate = (daysLeft: number) => ({
    names: ['beta'],
    fingerprint: 'AB:CD',
    endsAtMs: NOW_MS + daysLeft * DAY_MS,
  })
  const certificates = (own: number, partner: number, problem?: string): readonly PartnerCertificates[] => [
    { relationship: 'main', own: certificate(own), partner: certificate(partner), problem },
  ]
  return { lines, log, certificates }
}

test('nothing is said of certificates that last longer than thirty days', () => {
  const { lines, log, certificates } = lookWith()
  log.look(certificates(31, 400), NOW_MS)
  expect(lines).toEqual([])
})

test('the own and the partner’s end are said once a day, and louder once they have passed', () => {
  const { lines, log, certificates } = lookWith()
  for (let hour = 0; hour < 25; hour += 1) log.look(certificates(29.5, -1), NOW_MS + hour * 3_600_000)
  expect(lines).toEqual([
    'warning TLS_CERTIFICATE_ENDS main: the own certificate ends in 30 days',
    "error TLS_CERTIFICATE_ENDS main: the partner's certificate has expired: the next connection will fail",
    'warning TLS_CERTIFICATE_ENDS main: the own certificate ends in 29 days',
    "error TLS_CERTIFICATE_ENDS main: the partner's certificate has expired: the next connection will fail",
  ])
})

test('broken files are said once, and their end', () => {
  const { lines, log, certificates } = lookWith()
  for (const [minute, problem] of ['it cannot be read', 'it cannot be read', undefined].entries()) {
    log.look(certificates(400, 400, problem), NOW_MS + minute * 60_000)
  }
  expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'error TLS_FILES_BROKEN',
    'info TLS_FILES_GOOD',
  ])
})
