/** The catalogue of log messages: the page shows it, and each of them is written somewhere. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { logMessages, printLogMessages } from './log-messages.ts'

const source = fileURLToPath(new URL('..', import.meta.url))

it('docs/generated/log-messages.md shows them', async () => {
  await expect(printLogMessages()).toMatchFileSnapshot('../../../../docs/generated/log-messages.md')
})

it('has none that is never written', () => {
  const files = globSync('**/*.ts', { cwd: source }).filter(
    (file) => !/\.test\.ts$|log-messages\.ts$|^storage\/generated\/|^demo\//u.test(file),
  )
  const text = files.map((file) => readFileSync(`${source}/${file}`, 'utf8')).join('\n')
  expect(files.length).toBeGreaterThan(100)
  expect(Object.keys(logMessages).filter((id) => !text.includes(`'${id}'`))).toEqual([])
})
