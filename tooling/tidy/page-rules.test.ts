/** Pages for people agree with the code, and the checks of that are known to bite. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { rfcMapComplaints } from './page-rules.ts'

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
