/** A long run that is interrupted loses only what was not finished, and never counts another program's seeds. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nothingRun } from '@tandem/simulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendToPartFile, readPartFile } from './part-file.ts'
import { programIdentity } from './program-identity.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-parts-'))
  file = join(folder, 'run.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const finished = { first: 21, count: 20, result: { ...nothingRun, seeds: 20, reached: { 'faults: crash': 3 } } }

it('has nothing before the first run', () => {
  expect(readPartFile(file, 'this')).toEqual([])
})

it('gives back what was finished, without what was cut off in the middle', () => {
  appendToPartFile(file, 'this', finished)
  appendToPartFile(file, 'this', { ...finished, first: 41 })
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -10))
  expect(readPartFile(file, 'this')).toMatchObject([finished])
})

it('refuses the results of another build', () => {
  appendToPartFile(file, 'other', finished)
  expect(() => readPartFile(file, 'this')).toThrow('made by another build')
})

it('refuses a file of something else', () => {
  appendFileSync(file, 'a letter\n')
  expect(() => readPartFile(file, 'this')).toThrow(`line 1 is no result of seeds`)
})

it('names the program by what decides about a seed', () => {
  expect(programIdentity()).toMatch(/^[0-9a-f]{16}$/)
  expect(programIdentity()).toBe(programIdentity())
})
