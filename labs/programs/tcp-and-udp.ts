/**
 * tcp-and-udp: one process that holds one port over TCP and over UDP, on every IPv4 address that it is told.
 * By hand: npm run program tcp-and-udp 127.0.0.1 8080
 */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { greeting, port, say } from '../../harness/program.ts'

process.title = 'tcp-and-udp'

try {
  const servers = []
  for (const address of process.argv.slice(2).filter((word) => word.includes('.'))) {
    const socket = createSocket('udp4', (message, sender) => {
      say.received(message, sender)
      socket.send(greeting(), sender.port, sender.address)
    })
    const server = createServer((client) => {
      say.accepted(client)
      client.end(greeting(), () => client.destroy())
    })
    // For a UDP socket, too, Node calls the event 'listening': it is bound then.
    await once(socket.bind({ address, port }), 'listening')
    await once(server.listen({ host: address, port }), 'listening')
    servers.push(server)
  }
  servers.forEach(say.listening)
} catch (error) {
  say.refused(error)
  process.exit()
}
