/** The partner's own unit tests, and that the golden bytes in the repository are those which it writes (RFC 8156 §5). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const inFolder = {
  cwd: new URL('..', import.meta.url).pathname,
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
}

test('the unit tests of the partner pass, and there are some', async () => {
  const { stderr } = await run('python3', ['-m', 'unittest', 'discover', '-s', 'partner/tests', '-t', '.'], inFolder)
  const ran = /^Ran (?<count>\d+) tests/m.exec(stderr)?.groups?.['count']
  expect(Number(ran)).toBeGreaterThan(10)
  expect(stderr).toMatch(/^OK$/m)
})

test('the golden bytes are what the partner writes now', async () => {
  await run('python3', ['-m', 'partner', 'golden', '--check'], inFolder)
})
