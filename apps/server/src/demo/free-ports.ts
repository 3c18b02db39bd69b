/** Looks for taken ports before anything starts, so that the user reads one sentence instead of a crash. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { errorCode, UserError } from '../cli/user-error.ts'
import type { DemoPlan } from './demo-configuration.ts'

export async function insistOnFreePorts({ alpha, beta }: DemoPlan): Promise<void> {
  for (const { name, apiPort, clientPort, failoverPort, channelPort } of [alpha, beta]) {
    await insist(`TCP port ${apiPort} on 127.0.0.1 (console of ${name})`, () => tryTcp('127.0.0.1', apiPort))
    await insist(`TCP port ${failoverPort} on ::1 (failover of ${name})`, () => tryTcp('::1', failoverPort))
    await insist(`TCP port ${channelPort} on ::1 (private channel of ${name})`, () => tryTcp('::1', channelPort))
    await insist(`UDP port ${clientPort} on ::1 (clients of ${name})`, () => tryUdp('::1', clientPort))
  }
}

async function insist(what: string, attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt()
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EADDRINUSE') {
      throw new UserError(`${what} is taken: stop the program that uses it, or start the demo with --port-offset 100.`)
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
      throw new UserError(`${what} cannot be used (${code}): the demo needs IPv6 on the loopback interface.`)
    }
    throw error
  }
}

function tryTcp(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port }, () => server.close(() => resolve()))
  })
}

function tryUdp(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp6')
    socket.once('error', reject)
    socket.bind(port, host, () => socket.close(() => resolve()))
  })
}
