/** What all commands of `tandem ctl` that ask a server have in common: flags, connection, and how a refusal ends. */
import { ApiFailure } from '@tandem/api-contract'
import type { Command } from 'commander'
import { UserError } from '../user-error.ts'
import { apiOverHttp } from './api-over-http.ts'
import type { CtlApi } from './api-over-http.ts'
import { connectionOf } from './connection.ts'
import type { Connection, ConnectionFlags } from './connection.ts'
import { exitCodeOf } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import { formatOf, remark } from './output.ts'
import type { Format } from './output.ts'

export interface Flags extends ConnectionFlags {
  readonly output: string
  readonly timeout: string
}

export interface Asked {
  readonly api: CtlApi
  readonly connection: Connection
  readonly format: Format
}

/** A command that asks a server: the flags of the connection and of the form of what is printed. */
export function asking(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('-s, --server <name>', 'which server of the file')
    .option('--url <url>', 'address of the server, for example https://alpha:8067')
    .option('--token-file <file>', 'file that holds an API token')
    .option('--token <token>', 'an API token; others on this machine may see it')
    .option('--ca <file>', 'certificate of the authority that signed that of the server (PEM)')
    .option('--file <file>', 'file that names servers')
    .option('-o, --output <format>', 'text, json, or jsonl (one item a line)', 'text')
    .option('--timeout <seconds>', 'how long to wait for an answer', '10')
    .addHelpText('after', '\n`tandem ctl --help` explains how the server is found, and the exit codes.')
}

export async function ask(flags: Flags, act: (asked: Asked) => Promise<ExitCode>): Promise<void> {
  const format = formatOf(flags.output)
  const connection = connectionOf(flags)
  try {
    process.exitCode = await act({
      api: apiOverHttp(connection, countOf('--timeout', flags.timeout)),
      connection,
      format,
    })
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const { problem, message } = error
    if (format !== 'text' && problem !== null) process.stderr.write(`${JSON.stringify(problem)}\n`)
    else remark([message, problem?.remedy ?? ''].join(' ').trim())
    process.exitCode = exitCodeOf(error)
  }
}

export function countOf(flag: string, text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0) return number
  throw new UserError(`${flag} takes a whole number above zero, not "${text}".`)
}

export function wholeNumberOf(flag: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UserError(`${flag} takes a whole number, not "${text}".`)
}
