/** Certificates of the failover connections: what ends soon and what cannot be read is said in the log, once a day. */
import { CERTIFICATE_WARNING_DAYS } from '@tandem/api-contract'
import type { EngineService, PartnerCertificates } from '../engine/engine-service.ts'
import type { Log } from './log.ts'

const DAY_MS = 86_400_000
/** Views come every second; nothing here is in such a hurry. */
const LOOK_INTERVAL_MS = 60_000

export class CertificateLog {
  readonly #log: Log
  /** When each of them was last said. */
  readonly #said = new Map<string, number>()
  readonly #problems = new Map<string, string>()
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(log: Log) {
    this.#log = log
  }

  look(all: readonly PartnerCertificates[], nowMs: number): void {
    if (nowMs - this.#lookedAtMs < LOOK_INTERVAL_MS) return
    this.#lookedAtMs = nowMs
    for (const certificates of all) {
      this.#lookAtFiles(certificates)
      this.#lookAtEnds(certificates, nowMs)
    }
  }

  #lookAtFiles({ relationship, problem }: PartnerCertificates): void {
    if (this.#problems.get(relationship) === problem) return
    if (problem === undefined) {
      this.#problems.delete(relationship)
      this.#log.write('info', 'TLS_FILES_GOOD', `${relationship}: the TLS files are in order again and in force`)
      return
    }
    this.#problems.set(relationship, problem)
    const message = `${relationship}: the TLS files that lie there now cannot be used, the ones read before stay in force: ${problem}`
    this.#log.write('error', 'TLS_FILES_BROKEN', message)
  }

  #lookAtEnds({ relationship, own, partner }: PartnerCertificates, nowMs: number): void {
    for (const [whose, certificate] of [
      ['own', own],
      ["partner's", partner],
    ] as const) {
      if (certificate === undefined) continue
      const daysLeft = (certificate.endsAtMs - nowMs) / DAY_MS
      if (daysLeft > CERTIFICATE_WARNING_DAYS) continue
      const key = `${relationship} ${whose} ${certificate.fingerprint}`
      const saidAtMs = this.#said.get(key)
      if (saidAtMs !== undefined && nowMs - saidAtMs < DAY_MS) continue
      this.#said.set(key, nowMs)
      this.#log.write(
        daysLeft <= 0 ? 'error' : 'warning',
        'TLS_CERTIFICATE_ENDS',
        daysLeft <= 0
          ? `${relationship}: the ${whose} certificate has expired: the next connection will fail`
          : `${relationship}: the ${whose} certificate ends in ${Math.ceil(daysLeft)} days`,
        { endsAt: new Date(certificate.endsAtMs).toISOString(), names: certificate.names.join(',') },
      )
    }
  }
}

/** Answers the function that ends it. */
export function logCertificates(engine: EngineService, log: Log, clock: () => number): () => void {
  const certificateLog = new CertificateLog(log)
  return engine.onView((view) => certificateLog.look(view.certificates, clock()))
}
