/** A long run that is interrupted loses only what was not finished, and never counts another program's seeds. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nothingRun } from '@tandem/simulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendToPartFile, compactPartFile, readPartFile } from './part-file.ts'
import { programIdentity } from './program-identity.ts'
import { stretchesLeft } from './run-stretches.ts'

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

it('joins what follows one another, in whatever order it came', () => {
  for (const first of [41, 21, 101]) appendToPartFile(file, 'this', { ...finished, first })
  compactPartFile(file, 'this')
  expect(readPartFile(file, 'this')).toMatchObject([
    { first: 21, count: 40, result: { seeds: 40, reached: { 'faults: crash': 6 } } },
    { first: 101, count: 20, result: { seeds: 20, reached: { 'faults: crash': 3 } } },
  ])
})

it('counts no seed twice', () => {
  for (const [first, count] of [
    [31, 20],
    [21, 20],
    [21, 10],
    [41, 20],
  ] as const) {
    appendToPartFile(file, 'this', { ...finished, first, count })
  }
  compactPartFile(file, 'this')
  expect(readPartFile(file, 'this')).toMatchObject([{ first: 21, count: 40, result: { seeds: 40 } }])
})

it('runs what is left around what was finished', () => {
  const left = (...done: { first: number; count: number }[]) => stretchesLeft({ first: 1, count: 100 }, done, 30)
  expect(left()).toEqual([
    { first: 1, count: 30 },
    { first: 31, count: 30 },
    { first: 61, count: 30 },
    { first: 91, count: 10 },
  ])
  expect(left({ first: 1, count: 40 }, { first: 51, count: 20 })).toEqual([
    { first: 41, count: 10 },
    { first: 71, count: 30 },
  ])
  expect(left({ first: 1, count: 100 })).toEqual([])
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
