/**
 * server2: binds UDP 127.0.0.1, takes one datagram, says what it was, answers, and ends. It never listens.
 * By hand: npm run program server2 8080
 */

import { createSocket } from 'node:dgram'

import { greeting, port, say } from '../../harness/program.ts'

process.title = 'server2'

const socket = createSocket('udp4')
socket.on('error', say.refused)
socket.on('message', (message, sender) => {
  say.received(message, sender)
  socket.send(greeting(), sender.port, sender.address, () => socket.close())
})
socket.bind({ address: '127.0.0.1', port }, () => say.bound(socket))
