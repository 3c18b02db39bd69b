/** What a process has used so far, as Linux counts it: all of its threads. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const pageOctets = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }))

export function cpuSecondsOf(pid: number): number {
  // The name stands in brackets and may hold anything; user and system time are the 12th and 13th fields after it.
  const fields = afterLast(readFileSync(`/proc/${pid}/stat`, 'utf8'), ')')
    .trim()
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function residentMegabytesOf(pid: number): number {
  const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return (Number(resident) * pageOctets) / 1e6
}

/** The most that it ever had resident. */
export function peakResidentMegabytesOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error(`no peak of process ${pid}`)
  return (Number(kilobytes) * 1024) / 1e6
}

/** Time that the host gave to others, of all processors together. */
export function stolenSeconds(): number {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  return Number(first.trim().split(/\s+/)[8]) / ticksPerSecond
}

function afterLast(text: string, mark: string): string {
  return text.slice(text.lastIndexOf(mark) + mark.length)
}
