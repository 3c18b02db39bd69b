/** Pages for people agree with the code, and the checks of that are known to bite. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSourceFiles, workspaceRoot } from '../source-files.ts'
import { logPageComplaints, rfcMapComplaints } from './page-rules.ts'

const page = (path: string): string => readFileSync(join(workspaceRoot, 'docs', path), 'utf8')
const isThere = (path: string): boolean => existsSync(join(workspaceRoot, path))

describe('the map of the RFCs', () => {
  it('names files and tests that exist', () => {
    expect(rfcMapComplaints(page('rfc-map.md'), isThere)).toEqual([])
  })

  it('is refused with a file that does not exist, without a file and without a test', () => {
    const exists = (path: string): boolean => path !== 'a/c.ts'
    expect(rfcMapComplaints('| Section | What | Files | Tests |\n| --- | --- | --- | --- |\n', exists)).toEqual([])
    expect(rfcMapComplaints('| 8 | x | `a/b.ts` | `a/b.test.ts` |', exists)).toEqual([])
    expect(rfcMapComplaints('| 8 | x | `a/{b,c}.ts` | `a/b.test.ts` |', exists)).toEqual([
      'section 8: there is no a/c.ts',
    ])
    expect(rfcMapComplaints('| 8 | x | | `a/b.ts` |', exists)).toEqual([
      'section 8: names no file',
      'section 8: names no test',
    ])
  })
})

describe('the page on the log', () => {
  it('explains every identifier that the server writes, and no other', () => {
    const sources = readSourceFiles()
      .filter(({ path }) => path.startsWith('apps/server/src/') && !path.endsWith('.test.ts'))
      .map(({ source }) => source)
    expect(logPageComplaints(page('operating/log.md'), sources)).toEqual([])
  })

  it('is refused when an identifier is missing or left over', () => {
    const source = "log.write('info', 'NEW_THING', 'words')"
    expect(logPageComplaints('| `OLD_THING` | info |', [source])).toEqual([
      'NEW_THING is written and not explained',
      'OLD_THING is explained and never written',
    ])
  })
})
