/** The command: plays the pinned stories and says which went otherwise; `--rewrite` pins what happened, to be read as a diff. */
import { playScenario } from './run-scenario.ts'
import { readScenario, scenarioNames, writeScenario } from './scenario-files.ts'

const isRewriting = process.argv.includes('--rewrite')
const isPrinting = process.argv.includes('--print')

for (const name of scenarioNames()) {
  const pinned = readScenario(name)
  const { text, violations } = playScenario(pinned)
  if (isPrinting) console.log(text)
  for (const { checker, text: what } of violations) console.log(`${name}: ${checker}: ${what}`)
  if (text !== pinned) console.log(`${name}: ${isRewriting ? 'rewritten' : 'went otherwise'}`)
  if (text !== pinned && isRewriting) writeScenario(name, text)
  if (violations.length > 0 || (text !== pinned && !isRewriting)) process.exitCode = 1
}
