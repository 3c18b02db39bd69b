/**
 * A client that asks until it is answered: `first-answer.ts INTERFACE`, in the namespace of the load. Says `asking` when it
 * asks, and then `answered MILLISECONDS` by the clock of the machine.
 */
import { createSocket } from 'node:dgram'
import { MessageType, peekMessageType } from '@tandem/protocol'
import { solicitOf } from '../engines/client-octets.ts'

const ASK_EVERY_MS = 20
/** None of those that the store was filled with. */
const FIRST_CLIENT = 0x7000_0000

const interfaceName = process.argv[2] ?? ''
const socket = createSocket('udp6')
socket.bind(546, () => {
  socket.setMulticastInterface(`::%${interfaceName}`)
  process.stdout.write('asking\n')
  let client = FIRST_CLIENT
  const timer = setInterval(() => {
    socket.send(solicitOf(client, 'address'), 547, `ff02::1:2%${interfaceName}`)
    client += 1
  }, ASK_EVERY_MS)
  socket.on('message', (bytes) => {
    if (peekMessageType(bytes)?.type !== MessageType.Advertise) return
    clearInterval(timer)
    socket.close()
    process.stdout.write(`answered ${Date.now()}\n`)
  })
})
