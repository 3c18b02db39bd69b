/** The TLS files of one relationship: read anew for each connection; a broken new file leaves what was in force (RFC 8156 section 9.1). */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TlsFiles, TlsVersion } from '../../configuration/server-configuration.ts'
import { factsOf, type CertificateFacts } from './certificate-facts.ts'

export interface TlsMaterial {
  readonly cert: Buffer
  readonly key: Buffer
  readonly ca: Buffer
  readonly acceptedNames: readonly string[]
  readonly minimumVersion: TlsVersion
  readonly own: CertificateFacts
}

export class TlsMaterialInForce {
  readonly #files: TlsFiles
  #material: TlsMaterial | undefined
  #problem: string | undefined

  constructor(files: TlsFiles) {
    this.#files = files
  }

  /** Why the files that lie there now cannot be used; undefined: they are in force. */
  get problem(): string | undefined {
    return this.#problem
  }

  get own(): CertificateFacts | undefined {
    return this.#material?.own
  }

  /** Throws one clear sentence where nothing usable was ever read. */
  current(): TlsMaterial {
    this.refresh()
    if (this.#material !== undefined) return this.#material
    throw new Error(this.#problem ?? 'no TLS files were read')
  }

  /** A file that is being replaced, or does not fit the others yet, is looked at again the next time. */
  refresh(): void {
    try {
      this.#material = readTlsMaterial(this.#files)
      this.#problem = undefined
    } catch (error) {
      this.#problem = messageOf(error)
    }
  }
}

function readTlsMaterial(files: TlsFiles): TlsMaterial {
  const cert = readOne('certificate', files.certificateFile)
  const key = readOne('key', files.keyFile)
  const ca = readOne('authority', files.authorityFile)
  const certificate = parse('certificate', files.certificateFile, () => new X509Certificate(cert))
  const privateKey = parse('key', files.keyFile, () => createPrivateKey(key))
  parse('authority', files.authorityFile, () => new X509Certificate(ca))
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(`The TLS key file ${files.keyFile} does not belong to the certificate in ${files.certificateFile}.`)
  }
  const { acceptedNames, minimumVersion } = files
  return { cert, key, ca, acceptedNames, minimumVersion, own: factsOf(certificate) }
}

function readOne(what: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`The TLS ${what} file ${file} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
}

function parse<Value>(what: string, file: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw new Error(`The TLS ${what} file ${file} holds no ${what} in PEM form: ${messageOf(error)}.`, { cause: error })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
