/** The commit log: what is found of it after a crash, a cut, a damage; and that the tables come to hold all of it. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CommitLogReader } from './log-reader.ts'
import { CommitLogWriter } from './log-writer.ts'
import { segmentFile, segmentsIn } from './log-folder.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-commits-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const OWNER = '0004aa'

function textsAfter(number: number): readonly string[] {
  const reader = new CommitLogReader(folder, OWNER, number)
  const texts: string[] = []
  for (let record = reader.next(); record !== undefined; record = reader.next()) texts.push(record.text)
  reader.close()
  return texts
}

function written(count: number, segmentOctets?: number): CommitLogWriter {
  const writer = new CommitLogWriter(folder, OWNER, 0, segmentOctets)
  for (let number = 1; number <= count; number += 1) writer.append(number, `commit ${number} ä`)
  return writer
}

test('commits come back in their order, across segments, from the one that is asked for', () => {
  written(5, 1).close()
  expect(segmentsIn(folder)).toEqual([1, 2, 3, 4, 5])
  expect(textsAfter(2)).toEqual(['commit 3 ä', 'commit 4 ä', 'commit 5 ä'])
  expect(textsAfter(5)).toEqual([])
})

test('a reader goes on behind the writer, into its next segment too', () => {
  const writer = written(1, 200)
  const reader = new CommitLogReader(folder, OWNER, 0)
  expect(reader.next()?.number).toBe(1)
  expect(reader.next()).toBeUndefined()
  for (let number = 2; number <= 20; number += 1) writer.append(number, 'x'.repeat(50))
  for (let number = 2; number <= 20; number += 1) expect(reader.next()?.number).toBe(number)
  expect(reader.next()).toBeUndefined()
  reader.close()
  writer.close()
})

test('a commit larger than what is read at once comes back whole', () => {
  const writer = new CommitLogWriter(folder, OWNER, 0)
  const large = 'y'.repeat(3_000_000)
  writer.append(1, large)
  writer.append(2, 'z')
  writer.close()
  expect(textsAfter(0)).toEqual([large, 'z'])
})

test('a number is taken once and none is left out', () => {
  const writer = written(2)
  expect(() => writer.append(2, 'again')).toThrow('commit 2 came after commit 2')
  expect(() => writer.append(4, 'too early')).toThrow('commit 4 came after commit 2')
  writer.close()
})

describe('a log that was cut off', () => {
  test('opens to the last whole commit, whatever octet the cut falls on', () => {
    written(3).close()
    const file = segmentFile(folder, 1)
    const whole = readFileSync(file)
    const counts = new Map<number, number>()
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length))
      const found = textsAfter(0)
      expect(found).toEqual(['commit 1 ä', 'commit 2 ä', 'commit 3 ä'].slice(0, found.length))
      counts.set(found.length, (counts.get(found.length) ?? 0) + 1)
    }
    expect([...counts.keys()]).toEqual([0, 1, 2, 3])
    expect(counts.get(3)).toBe(1)
  })

  test('opens to it too where the file was made longer before its octets came', () => {
    written(2).close()
    const file = segmentFile(folder, 1)
    const { size } = statSync(file)
    truncateSync(file, size - 5)
    appendFileSync(file, Buffer.alloc(5 + 4096))
    expect(textsAfter(0)).toEqual(['commit 1 ä'])
  })

  test('is gone on with in a segment of its own, and what was cut off is told anew', () => {
    written(3).close()
    truncateSync(segmentFile(folder, 1), statSync(segmentFile(folder, 1)).size - 1)
    const writer = new CommitLogWriter(folder, OWNER, 2)
    writer.append(3, 'commit 3 anew')
    writer.append(4, 'commit 4')
    writer.close()
    expect(textsAfter(0)).toEqual(['commit 1 ä', 'commit 2 ä', 'commit 3 anew', 'commit 4'])
  })
})

describe('a damaged log', () => {
  test('is refused where a whole commit follows the damage', () => {
    written(3).close()
    const file = segmentFile(folder, 1)
    const octets = readFileSync(file)
    octets[octets.indexOf('commit 2') + 7] = 0x39
    writeFileSync(file, octets)
    expect(() => textsAfter(0)).toThrow('is damaged')
  })

  test('is refused where a segment is missing', () => {
    written(3, 1).close()
    rmSync(segmentFile(folder, 2))
    expect(() => textsAfter(0)).toThrow('commit 2 is missing')
    expect(() => textsAfter(0)).toThrow('tandem restore')
  })

  test('is refused where it belongs to another server', () => {
    written(1).close()
    expect(() => new CommitLogReader(folder, '0004bb', 0).next()).toThrow('belongs to another server')
  })
})

test('segments go once their commits are in the tables, but for the one that is written', () => {
  const writer = written(4, 1)
  writer.removeUpTo(2)
  expect(segmentsIn(folder)).not.toContain(1)
  expect(textsAfter(2)).toEqual(['commit 3 ä', 'commit 4 ä'])
  writer.append(5, 'commit 5')
  writer.removeUpTo(5)
  expect(segmentsIn(folder)).toEqual([5])
  writer.close()
})

test('a segment that was taken away is noticed, and the next try writes a new one', () => {
  const writer = written(1)
  writer.mustBeInPlace()
  rmSync(segmentFile(folder, 1))
  expect(() => writer.mustBeInPlace()).toThrow('was removed or replaced')
  writer.append(2, 'commit 2')
  writer.mustBeInPlace()
  expect(readdirSync(folder)).toHaveLength(1)
  expect(existsSync(segmentFile(folder, 2))).toBe(true)
  writer.close()
})
