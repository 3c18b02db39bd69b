/** Reads what strace wrote, one file a thread, into the few things that matter here: what came in, what went out, what was flushed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Segments of the commit log: a commit is durable once it is flushed. */
const LOG_FILE = /-commits\/\d+\.log$/

export interface Flush {
  readonly startedAt: number
  readonly completedAt: number
}

/** One datagram, or one piece of a stream. Times in seconds as strace gives them. */
export interface Transfer {
  readonly direction: 'in' | 'out'
  readonly startedAt: number
  readonly completedAt: number
  readonly bytes: Uint8Array
}

export interface StreamTrace {
  /** Both ends as strace names them; one for each connection. */
  readonly socket: string
  readonly pieces: readonly Transfer[]
}

export interface LogWrite {
  readonly startedAt: number
  readonly completedAt: number
  readonly bytes: Uint8Array
}

export interface SystemCalls {
  readonly datagrams: readonly Transfer[]
  readonly streams: readonly StreamTrace[]
  /** Writes to the commit log, and what flushed it: fsync or fdatasync. */
  readonly logWrites: readonly LogWrite[]
  readonly flushes: readonly Flush[]
}

/** Hex strings only, times with microseconds, files and sockets by name, each call with its duration. */
export const STRACE_OPTIONS: readonly string[] = [
  '-f -ff -ttt -T -yy -xx -s 70000 -e signal=none',
  '-e trace=fsync,fdatasync,write,writev,pwrite64,pwritev,read,readv,sendmsg,sendmmsg,sendto,recvmsg,recvmmsg,recvfrom',
].flatMap((line) => line.split(' '))

interface Call {
  readonly name: string
  readonly target: string
  readonly rest: string
  readonly result: number
  readonly startedAt: number
  readonly completedAt: number
}

const LINE =
  /^(?<at>\d+\.\d+) (?<name>\w+)\(\d+<(?<target>(?:[A-Za-z0-9]+:\[.*?\]|[^>]*))>(?<rest>.*)\) = (?<result>\d+).*<(?<took>\d+\.\d+)>$/

export function readTrace(folder: string, prefix: string): SystemCalls {
  const calls = readdirSync(folder)
    .filter((name) => name.startsWith(`${prefix}.`))
    .flatMap((name) => readFileSync(join(folder, name), 'latin1').split('\n').flatMap(toCall))
    .toSorted((a, b) => a.startedAt - b.startedAt)
  const inLog = calls.filter(({ target }) => LOG_FILE.test(fileName(target)))
  return {
    datagrams: calls.filter(({ target }) => target.startsWith('UDPv6:')).flatMap(datagramsOf),
    streams: streamsOf(calls.filter(({ target }) => target.startsWith('TCPv6:'))),
    logWrites: inLog.filter(({ name }) => name.startsWith('pwrite') || name.startsWith('write')).map(toLogWrite),
    flushes: inLog.filter(({ name }) => name === 'fsync' || name === 'fdatasync'),
  }
}

function toCall(line: string): readonly Call[] {
  const { at, name = '', target = '', rest = '', result, took } = LINE.exec(line)?.groups ?? {}
  if (at === undefined) return []
  const startedAt = Number(at)
  return [{ name, target, rest, result: Number(result), startedAt, completedAt: startedAt + Number(took) }]
}

function toLogWrite({ startedAt, completedAt, rest }: Call): LogWrite {
  return { startedAt, completedAt, bytes: joined(octetStrings(rest)) }
}

function datagramsOf(call: Call): readonly Transfer[] {
  const direction = directionOf(call.name)
  if (direction === undefined) return []
  const { startedAt, completedAt } = call
  return octetStrings(call.rest).map((bytes) => ({ direction, startedAt, completedAt, bytes }))
}

function streamsOf(calls: readonly Call[]): readonly StreamTrace[] {
  const pieces = new Map<string, Transfer[]>()
  for (const call of calls) {
    const direction = directionOf(call.name)
    if (direction === undefined || call.result === 0) continue
    const { startedAt, completedAt } = call
    const bytes = joined(octetStrings(call.rest)).subarray(0, call.result)
    const before = pieces.get(call.target)
    const piece: Transfer = { direction, startedAt, completedAt, bytes }
    if (before === undefined) pieces.set(call.target, [piece])
    else before.push(piece)
  }
  return [...pieces].map(([socket, found]) => ({ socket, pieces: found }))
}

function directionOf(name: string): Transfer['direction'] | undefined {
  if (name.startsWith('recv') || name.startsWith('read')) return 'in'
  return name.startsWith('send') || name.startsWith('write') ? 'out' : undefined
}

/** The payloads of a call: text in hex, behind `iov_base=` or alone; addresses in hex stand behind a comma and a family. */
function octetStrings(rest: string): readonly Uint8Array[] {
  const pattern = rest.includes('iov_base=')
    ? /iov_base="(?<hex>(?:\\x[0-9a-f]{2})*)"/g
    : /^, "(?<hex>(?:\\x[0-9a-f]{2})*)"/g
  return [...rest.matchAll(pattern)].map(({ groups }) =>
    Buffer.from((groups?.['hex'] ?? '').replaceAll('\\x', ''), 'hex'),
  )
}

function fileName(target: string): string {
  return target.startsWith('\\x') ? Buffer.from(target.replaceAll('\\x', ''), 'hex').toString('latin1') : target
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
