/** Starts a program in our place: its output is ours, each signal reaches it once, and we end as it ends. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** What a terminal sends to every process of the foreground group by itself. */
const FROM_TERMINAL = new Set(['SIGINT', 'SIGHUP'])

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} where
 * @returns {Promise<number>} the exit code; 128 and the signal's number if a signal ended it
 */
export function runChild(command, args, where) {
  const child = spawn(command, args, { cwd: where.cwd, env: where.env ?? process.env, stdio: 'inherit' })
  /** @type {Set<NodeJS.Signals>} */
  const sent = new Set()
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const terminalDoesIt = FROM_TERMINAL.has(signal) && process.stdin.isTTY === true
    if (terminalDoesIt || sent.has(signal)) return
    sent.add(signal)
    child.kill(signal)
  }
  for (const signal of FORWARDED) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward)
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]))
    })
  })
}
