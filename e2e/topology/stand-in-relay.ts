/** Run in a namespace: hears the clients of a link for a relay agent that is elsewhere. Lines out: who said what; lines in: what to tell whom. */
import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'

const SERVER_PORT = 547
const CLIENT_PORT = 546

const [interfaceName = ''] = process.argv.slice(2)
const socket = createSocket('udp6')
socket.on('message', (bytes, { address }) => {
  process.stdout.write(`${address.split('%')[0]} ${bytes.toString('hex')}\n`)
})
socket.bind(SERVER_PORT, '::', () => {
  socket.addMembership('ff02::1:2', `::%${interfaceName}`)
  process.stdout.write('ready\n')
})

for await (const line of createInterface({ input: process.stdin })) {
  const [client = '', hex = ''] = line.split(' ')
  socket.send(Buffer.from(hex, 'hex'), CLIENT_PORT, `${client}%${interfaceName}`)
}
socket.close()
