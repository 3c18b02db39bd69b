/** `tandem console-certificate`: what a browser should show, told on the host where nobody stands in between. */
import { readFileSync } from 'node:fs'
import { describeCertificate } from '../http/console-tls.ts'
import { insistOnConfiguration } from './check-command.ts'
import { errorCode, UserError } from './user-error.ts'

export function consoleCertificateCommand(file: string): void {
  const { node } = insistOnConfiguration(file)
  const { tls } = node.api
  if (tls === undefined) {
    throw new UserError(`The console of ${node.name} speaks plain HTTP on ${node.api.host}: it has no certificate.`)
  }
  const { fingerprint, names, endsAtMs } = describeCertificate(read(tls.certificateFile, tls.selfMade !== undefined))
  process.stdout.write(`${fingerprint}\n`)
  process.stderr.write(
    `SHA-256 of ${tls.certificateFile}, for ${names.join(', ')}, until ${new Date(endsAtMs).toISOString().slice(0, 10)}.\n`,
  )
}

function read(file: string, selfMade: boolean): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const first = selfMade ? ' The server makes it when it starts for the first time.' : ''
    throw new UserError(`${file} cannot be read (${errorCode(error) ?? 'unknown reason'}).${first}`)
  }
}
