/** Which program runs the seeds: a digest of all that decides what a seed does. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Which seeds show that the checkers can fail: of no other seed do they decide anything. */
const PINS = /^deliberate-bugs\//

const DECIDING_PACKAGES = ['@tandem/protocol', '@tandem/engine', '@tandem/simulator']

export function programIdentity(): string {
  const digest = createHash('sha256')
  for (const name of DECIDING_PACKAGES) {
    const folder = dirname(fileURLToPath(import.meta.resolve(name)))
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (!/\.[jt]s$/.test(file) || /\.(test|d)\.ts$/.test(file) || PINS.test(file)) continue
      digest.update(`${name}/${file}\n`).update(readFileSync(join(folder, file)))
    }
  }
  return digest.digest('hex').slice(0, 16)
}
