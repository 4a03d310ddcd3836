/**
 * receiver: binds the UDP address and port that it is told, answers every datagram, and stays until it is ended.
 * By hand: npm run program receiver 127.0.0.1 8080
 */

import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import { greeting, host, port, say } from '../../harness/program.ts'

process.title = 'receiver'

const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
socket.on('error', say.refused)
socket.on('message', (message, sender) => {
  say.received(message, sender)
  socket.send(greeting(), sender.port, sender.address)
})
socket.bind({ address: host, port }, () => say.bound(socket))
