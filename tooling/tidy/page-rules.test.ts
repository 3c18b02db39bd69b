/** Pages for people agree with the code, and the checks of that are known to bite. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { complaintsPageComplaints, rfcMapComplaints } from './page-rules.ts'

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

describe('the page of complaints', () => {
  it('names tests that exist, or says that there is nothing yet', () => {
    expect(complaintsPageComplaints(page('pains.md'), isThere)).toEqual([])
    expect(page('pains.md').match(/^\| \d/gmu)).toHaveLength(40)
  })

  it('is refused with a row left out, a test that does not exist, and without a test', () => {
    const exists = (path: string): boolean => path === 'a/b.test.ts'
    expect(complaintsPageComplaints('| 1 | x | done | `a/b.test.ts` |\n| 2 | y | Not yet | |', exists)).toEqual([])
    expect(complaintsPageComplaints('| 1 | x | done | `a/c.e2e.ts` |\n| 3 | y | half | |', exists)).toEqual([
      'the rows are not numbered from 1 on',
      '1: there is no a/c.e2e.ts',
      '3: names no test',
    ])
  })
})
