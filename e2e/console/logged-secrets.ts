/** What a run wrote down, and which of the secrets that were used in it stand there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Secret {
  /** In a failure, where the secret itself does not belong either. */
  readonly name: string
  readonly value: string
}

/** As the server itself would write them: in JSON, in a URL, in a header. */
const forms: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => JSON.stringify(value).slice(1, -1),
  encodeURIComponent,
  (value) => Buffer.from(value).toString('base64').replaceAll('=', ''),
  (value) => Buffer.from(value).toString('hex'),
]

/** `secret in file`, for each that is found. */
export function secretsIn(files: readonly string[], secrets: readonly Secret[]): readonly string[] {
  return files.flatMap((file) => {
    // One character an octet, also where the file is no text.
    const text = readFileSync(file).toString('latin1')
    const found = secrets.filter(({ value }) => forms.some((form) => text.includes(asOctets(form(value)))))
    return found.map(({ name }) => `${name} in ${file}`)
  })
}

function asOctets(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** The lines of a key in PEM, each of which is enough to look for. */
export function linesOfKey(file: string): readonly Secret[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.length > 20 && !line.startsWith('-----')).map((value) => ({ name: file, value }))
}

export function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}
