/**
 * Runs in the namespace of the clients: `node clients-program.ts INTERFACE`. Lines in, each with numbers behind its word:
 *
 *     hold COUNT                      so many clients get a lease each, a few at a time
 *     begin NEW_PER_S REBINDING_PER_S from now on clients start at these rates: new ones, and holders that are past T2
 *     drain                           none starts any more; those that wait go on asking
 *
 * Lines out: `ready`, `holding COUNT` when all of them have their lease, and what the clients tell. Ends with its input.
 */
import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'
import { clientIdOption, decodeDatagram, findOption, type Duid, type Ipv6Address } from '@tandem/protocol'
import { AskingClient, clientDuid } from './asking-client.ts'
import { monotonicMs, type ClientKind } from './client-event.ts'

const SERVER_PORT = 547
const CLIENT_PORT = 546
const BUFFER_OCTETS = 4 * 1024 * 1024
const HOLDERS_AT_A_TIME = 8

const [interfaceName = ''] = process.argv.slice(2)
const socket = createSocket({ type: 'udp6', recvBufferSize: BUFFER_OCTETS, sendBufferSize: BUFFER_OCTETS })
const allServers = `ff02::1:2%${interfaceName}`
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const clients = new Map<Duid, AskingClient>()
const timers = new Map<AskingClient, NodeJS.Timeout>()
const streams: NodeJS.Timeout[] = []
const holders: { readonly client: number; readonly held: Ipv6Address }[] = []
let clientsMade = 0
let holdersWanted = 0
let holdersBegun = 0

function start(kind: ClientKind, client: number, held?: Ipv6Address): void {
  const asking = new AskingClient({
    kind,
    client,
    ...(held === undefined ? {} : { held }),
    send: (octets) => socket.send(octets, SERVER_PORT, allServers),
    report: (event) => {
      say(JSON.stringify(event))
      if (event.kind === 'holder' && event.event === 'granted') hold(asking, client)
    },
    random: Math.random,
  })
  clients.set(clientDuid(client), asking)
  asking.begin(monotonicMs())
  watch(asking)
}

/** One timer for each client that waits. */
function watch(asking: AskingClient): void {
  clearTimeout(timers.get(asking))
  timers.delete(asking)
  if (asking.dueAtMs === undefined) return
  const act = (): void => {
    asking.act(monotonicMs())
    watch(asking)
  }
  timers.set(asking, setTimeout(act, Math.max(1, Math.ceil(asking.dueAtMs - monotonicMs()))))
}

function hold({ held }: AskingClient, client: number): void {
  if (held !== undefined) holders.push({ client, held })
  if (holders.length === holdersWanted) say(`holding ${holders.length}`)
  else if (holdersBegun < holdersWanted) beginHolder()
}

function beginHolder(): void {
  holdersBegun += 1
  clientsMade += 1
  start('holder', clientsMade)
}

/** At a steady rate whatever the timers of Node do: a late turn starts all that are due. */
function stream(perSecond: number, startOne: () => void): void {
  const beganAtMs = monotonicMs()
  let started = 0
  const turn = (): void => {
    while (started < ((monotonicMs() - beganAtMs) / 1000) * perSecond) {
      started += 1
      startOne()
    }
  }
  streams.push(setInterval(turn, 1))
}

const orders: Readonly<Record<string, (...numbers: readonly number[]) => void>> = {
  hold: (count = 0) => {
    holdersWanted = count
    for (let begun = 0; begun < Math.min(HOLDERS_AT_A_TIME, count); begun += 1) beginHolder()
  },
  begin: (newPerSecond = 0, rebindingPerSecond = 0) => {
    stream(newPerSecond, () => {
      clientsMade += 1
      start('new', clientsMade)
    })
    stream(rebindingPerSecond, () => {
      const holder = holders.shift()
      if (holder !== undefined) start('rebinding', holder.client, holder.held)
    })
  },
  drain: () => {
    for (const timer of streams.splice(0)) clearInterval(timer)
  },
}

socket.on('message', (octets) => {
  const nowMs = monotonicMs()
  const decoded = decodeDatagram(octets)
  if (!decoded.ok || decoded.value.kind !== 'client-server') return
  const duid = findOption(decoded.value.options, clientIdOption)
  const asking = duid === undefined ? undefined : clients.get(duid)
  if (asking === undefined) return
  asking.receive(decoded.value, nowMs)
  watch(asking)
})
socket.bind(CLIENT_PORT, '::', () => {
  socket.setMulticastInterface(`::%${interfaceName}`)
  say('ready')
})

for await (const line of createInterface({ input: process.stdin })) {
  const [order = '', ...numbers] = line.split(' ')
  orders[order]?.(...numbers.map(Number))
}
process.exit(0)
