/**
 * tcp-and-udp: one process that holds one port over TCP and over UDP, on every IPv4 address that it is told.
 * By hand: npm run program tcp-and-udp 127.0.0.1 8080
 */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { greet, greeting, port, say } from '../../harness/program.ts'

process.title = 'tcp-and-udp'

try {
  const servers = []
  for (const address of process.argv.filter((word) => /^\d+\.\d/.test(word))) {
    const socket = createSocket('udp4', say.received)
    socket.on('message', (_message, client) => socket.send(greeting(), client.port, client.address))
    const server = createServer(say.accepted)
    server.on('connection', (client) => greet(client))
    await once(socket.bind({ address, port }), 'listening') // what Node calls a UDP socket that is bound
    await once(server.listen({ host: address, port }), 'listening')
    servers.push(server)
  }
  servers.forEach(say.listening)
} catch (error) {
  say.refused(error)
  process.exit()
}
