/**
 * The certificate of console and API while the server runs: made where that is asked for, looked at every minute, and put into
 * force without a restart when its files have changed. What cannot be used changes nothing.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { CERTIFICATE_WARNING_DAYS } from '@tandem/api-contract'
import { ensureSelfMade } from '../certificates/console-certificate.ts'
import type { ApiListener, ConsoleTls } from '../configuration/server-configuration.ts'
import type { Log } from '../observability/log.ts'

const DAY_MS = 86_400_000

export interface ConsoleCertificate {
  /** SHA-256 of the certificate, as browsers show it: upper-case digits with colons. */
  readonly fingerprint: string
  readonly names: readonly string[]
  readonly endsAtMs: number
  readonly selfMade: boolean
}

export interface TlsTexts {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Its message is a sentence about the files. */
export class ConsoleTlsUnusable extends Error {}

/** Its own name, and the address on which it listens. */
interface NamesOfServer {
  readonly server: string
  readonly host: string
}

export class ConsoleTlsFiles {
  readonly #tls: ConsoleTls
  readonly #names: NamesOfServer
  readonly #log: Log
  readonly #clock: () => number
  #texts: TlsTexts | undefined
  #certificate: ConsoleCertificate | undefined
  #problem: string | undefined
  #saidEndAtMs = Number.NEGATIVE_INFINITY

  constructor(tls: ConsoleTls, names: NamesOfServer, log: Log, clock: () => number) {
    this.#tls = tls
    this.#names = names
    this.#log = log
    this.#clock = clock
  }

  get certificate(): ConsoleCertificate | undefined {
    return this.#certificate
  }

  /** At the start. Rejects with ConsoleTlsUnusable. */
  async load(): Promise<TlsTexts> {
    const texts = await this.#read()
    this.#take(texts)
    return texts
  }

  /** Answers what is to be put into force; undefined: nothing has changed, or what has cannot be used. */
  async look(): Promise<TlsTexts | undefined> {
    try {
      const texts = await this.#read()
      if (this.#problem !== undefined)
        this.#log.write('info', 'CONSOLE_TLS_GOOD', 'the TLS files of the console are in order again')
      this.#problem = undefined
      this.#sayEnd()
      if (this.#texts?.cert.equals(texts.cert) === true && this.#texts.key.equals(texts.key)) return undefined
      this.#take(texts)
      return texts
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== this.#problem) {
        this.#log.write('error', 'CONSOLE_TLS_BROKEN', `${problem} What was read before stays in force.`)
      }
      this.#problem = problem
      return undefined
    }
  }

  async #read(): Promise<TlsTexts> {
    const { certificateFile, keyFile, selfMade } = this.#tls
    try {
      if (selfMade !== undefined) await this.#ensure(selfMade.names)
      const texts = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
      if (!new X509Certificate(texts.cert).checkPrivateKey(createPrivateKey(texts.key))) {
        throw new Error('the key is not that of the certificate')
      }
      return texts
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new ConsoleTlsUnusable(
        `The certificate or key of the console cannot be used (${certificateFile}, ${keyFile}): ${why}.`,
      )
    }
  }

  async #ensure(configured: readonly string[]): Promise<void> {
    const { server, host } = this.#names
    const needed = [server, ...configured]
    const made = await ensureSelfMade(this.#tls, { needed, welcome: namesOfHost(host) }, this.#clock())
    if (made === undefined) return
    this.#log.write('warning', 'CONSOLE_CERTIFICATE_MADE', `made a certificate for the console, since ${made}`)
  }

  #take(texts: TlsTexts): void {
    this.#texts = texts
    this.#certificate = { ...describeCertificate(texts.cert), selfMade: this.#tls.selfMade !== undefined }
    const { fingerprint, names, endsAtMs } = this.#certificate
    this.#log.write('info', 'CONSOLE_CERTIFICATE', 'browsers see this certificate; compare the fingerprint', {
      fingerprint,
      names: names.join(','),
      endsAt: new Date(endsAtMs).toISOString(),
    })
    this.#sayEnd()
  }

  /** Once a day. */
  #sayEnd(): void {
    const nowMs = this.#clock()
    const endsAtMs = this.#certificate?.endsAtMs ?? Number.POSITIVE_INFINITY
    const days = Math.ceil((endsAtMs - nowMs) / DAY_MS)
    if (days > CERTIFICATE_WARNING_DAYS || nowMs - this.#saidEndAtMs < DAY_MS) return
    this.#saidEndAtMs = nowMs
    const told = days <= 0 ? 'has expired: browsers refuse it' : `ends in ${days} days`
    this.#log.write(
      days <= 0 ? 'error' : 'warning',
      'CONSOLE_CERTIFICATE_ENDS',
      `the certificate of the console ${told}`,
    )
  }
}

export function describeCertificate(cert: Buffer): Omit<ConsoleCertificate, 'selfMade'> {
  const { fingerprint256, subjectAltName, validToDate } = new X509Certificate(cert)
  const names = (subjectAltName ?? '').split(', ').map((each) => each.replace(/^[^:]*:/, ''))
  return { fingerprint: fingerprint256, names: names.filter((each) => each !== ''), endsAtMs: validToDate.getTime() }
}

const ANY = new Set(['0.0.0.0', '::'])

/** By which a browser may know this host, as far as the host itself knows. */
function namesOfHost(listensOn: string): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ scopeid }) => scopeid === undefined || scopeid === 0)
    .map(({ address }) => address)
  return [hostname(), 'localhost', ...(ANY.has(listensOn) ? addresses : [listensOn])]
}

export function consoleTlsOf(
  { tls, host }: ApiListener,
  server: string,
  log: Log,
  clock: () => number,
): ConsoleTlsFiles | undefined {
  return tls === undefined ? undefined : new ConsoleTlsFiles(tls, { server, host }, log, clock)
}
