/** Debian's Chromium, and its tool for small pictures, are installed if they are missing; a demo is looked at beside the tests of the console. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { installMissingPackages } from '../test/debian-packages.ts'
import { missingNeeds, thisMachine } from '../test/machine.ts'
import { playwright, programs } from '../test/suite-kinds.ts'

const root = dirname(dirname(import.meta.dirname))
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function main(): number {
  const suite = playwright('pictures of the console')
  const pictures = { ...suite, needs: [...suite.needs, programs.cwebp] }
  const machine = thisMachine()
  installMissingPackages([pictures], machine, say)
  const missing = missingNeeds(pictures.needs, machine)
  if (missing.length > 0) {
    say(`No pictures: ${missing.join('; ')}`)
    return 1
  }
  const args = [join(root, 'e2e', 'pictures', 'run.ts'), ...process.argv.slice(2)]
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
}

process.exitCode = main()
