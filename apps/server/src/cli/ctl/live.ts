/** The contract's live connection over a WebSocket of a program, until the sign-in ends or the program is stopped. */
import { failureOf, LIVE_PATH, LiveConnection } from '@tandem/api-contract'
import type { LiveEvent, LiveSocket, LiveSocketEvents, LiveWishes } from '@tandem/api-contract'
import { WebSocket } from 'ws'
import { reasonOf } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { ExitCode, exitCodeOf } from './exit-codes.ts'
import { remark } from './output.ts'

export interface LiveReader {
  changed(event: LiveEvent): void | Promise<void>
  /** Everything is to be asked for, first of all at the beginning. */
  missed(): void | Promise<void>
}

/** Answers with the exit code when it ends; what the reader does with events is done one after the other. */
export async function follow(connection: Connection, reader: LiveReader, wishes?: LiveWishes): Promise<ExitCode> {
  let turn: Promise<void> = Promise.resolve()
  return new Promise((resolve) => {
    const inTurn = (act: () => void | Promise<void>): void => {
      turn = turn.then(act).catch((error: unknown) => {
        // The next event or reconnection is another try; a token that is good no more ends it.
        const failure = failureOf(error)
        remark(failure.message)
        if (exitCodeOf(failure) === ExitCode.notAllowed) finish(ExitCode.notAllowed)
      })
    }
    const finish = (code: ExitCode): void => {
      live.close()
      resolve(code)
    }
    const live = new LiveConnection(
      {
        openSocket: (events) => openSocket(connection, events, () => finish(ExitCode.notAllowed)),
        now: Date.now,
        chance: Math.random,
        after: (delayMs, act) => {
          const timer = setTimeout(act, delayMs)
          return () => clearTimeout(timer)
        },
      },
      {
        changed: (event) => inTurn(() => reader.changed(event)),
        // Whoever prints has asked for nothing yet.
        began: () => inTurn(() => reader.missed()),
        missed: () => inTurn(() => reader.missed()),
        serverTime: () => undefined,
        sessionEnded: () => {
          remark('The token is good no more.')
          finish(ExitCode.notAllowed)
        },
        status: (status) => {
          if (status.phase !== 'lost') return
          remark(`Lost contact with ${connection.url}; trying again.`)
        },
      },
      wishes,
    )
    // A reader that went away, as in `tandem ctl status --watch | head`.
    process.stdout.on('error', () => finish(ExitCode.done))
    live.open()
  })
}

const HANDSHAKE_SECONDS = 10

function openSocket({ url, token, ca }: Connection, events: LiveSocketEvents, notAllowed: () => void): LiveSocket {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + LIVE_PATH, {
    headers: { Authorization: `Bearer ${token}` },
    handshakeTimeout: HANDSHAKE_SECONDS * 1000,
    ...(ca === undefined ? {} : { ca }),
  })
  socket.on('message', (octets: Buffer) => events.message(octets.toString()))
  socket.on('close', (code) => events.closed(code))
  // `close` follows an error.
  socket.on('error', (error) => {
    const status = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1]
    if (status === undefined) remark(reasonOf({ url, token, ca }, error, HANDSHAKE_SECONDS))
    else remark(`${url} refuses the live connection (${status}).`)
    if (status === '401' || status === '403') notAllowed()
  })
  return {
    send: (text) => socket.send(text),
    close: () => {
      for (const event of ['message', 'close', 'error']) socket.removeAllListeners(event)
      socket.on('error', () => undefined)
      socket.terminate()
    },
  }
}
