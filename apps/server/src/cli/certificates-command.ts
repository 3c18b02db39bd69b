/** `tandem certificates`: a private authority and a certificate for each named server. */
import { CertificatesExist, makeCertificates } from '../certificates/make-certificates.ts'
import { errorCode, UserError } from './user-error.ts'

export async function certificatesCommand(folder: string, names: readonly string[]): Promise<void> {
  const wrong = names.find((name) => !/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/u.test(name))
  if (wrong !== undefined)
    throw new UserError(`"${wrong}" is not a name for a certificate: use letters, digits, dots and hyphens.`)
  if (new Set(names).size !== names.length) throw new UserError('Each name may be given once only.')
  try {
    const files = await makeCertificates({ folder, names, nowMs: Date.now() })
    const made = files.servers.map(({ certificate, key }) => `  ${certificate}\n  ${key}\n`).join('')
    process.stdout.write(`Made in ${folder}, readable by you only:\n  ${files.authority}\n${made}`)
    process.stdout.write('Give each server its own two files and authority.pem; keep authority.key away from both.\n')
  } catch (error) {
    if (error instanceof CertificatesExist) throw new UserError(error.message)
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new UserError(`The certificates cannot be written to ${folder} (${code}): choose a folder that is yours.`)
  }
}
