/** Run in a namespace: lines in are said to all servers of the link, in hex; lines out are what was answered, with its time. */
import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'

const SERVER_PORT = 547
const CLIENT_PORT = 546

const [interfaceName = ''] = process.argv.slice(2)
const socket = createSocket('udp6')
socket.on('message', (bytes) => {
  process.stdout.write(`${Date.now()} ${bytes.toString('hex')}\n`)
})
socket.bind(CLIENT_PORT, '::', () => {
  socket.setMulticastInterface(`::%${interfaceName}`)
  process.stdout.write('ready\n')
})

for await (const line of createInterface({ input: process.stdin })) {
  socket.send(Buffer.from(line, 'hex'), SERVER_PORT, `ff02::1:2%${interfaceName}`)
}
socket.close()
