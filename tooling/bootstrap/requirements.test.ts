/** A machine that cannot run Tandem is told so in one sentence, before anything is installed. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderNotWritable, nodeTooOld } from './requirements.mjs'

const oneSentence = /^[A-Z][^\n]*\.$/

describe('a Node that is too old', () => {
  it.each(['0.10.48', '16.20.2', '18.20.8', '20.18.3'])('is refused: %s', (version) => {
    expect(nodeTooOld(version)).toMatch(oneSentence)
    expect(nodeTooOld(version)).toContain(`this is Node ${version}`)
    expect(nodeTooOld(version)).toContain('Node 20.19 or newer')
  })

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '26.0.0'])('is not one that is new enough: %s', (version) => {
    expect(nodeTooOld(version)).toBeUndefined()
  })

  it.each(['start.mjs', 'test.mjs'])('ends %s with that sentence alone, and exit code 1', (script) => {
    const pretendOld = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })`
    const preload = `data:text/javascript,${encodeURIComponent(pretendOld)}`
    const args = ['--import', preload, join(import.meta.dirname, script)]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr.trimEnd()).toMatch(oneSentence)
    expect(stderr).toContain('this is Node 18.20.8')
  })
})

describe('a folder that cannot be written', () => {
  it('is refused, by name and with the reason', () => {
    // Not even root may create a file there, so the test means the same for every user.
    expect(folderNotWritable('/proc')).toMatch(oneSentence)
    expect(folderNotWritable('/proc')).toMatch(/cannot write to \/proc \(E[A-Z]+\)/)
  })

  it('is not one that can be written, and nothing is left there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-writable-'))
    expect(folderNotWritable(folder)).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
    rmSync(folder, { recursive: true })
  })
})
