/**
 * one-peer: binds a UDP address and port, connects to a second port there, its peer's, and answers what it gets.
 * By hand: npm run program one-peer 127.0.0.1 8080 8081   (the peer's port is 8081)
 * Further word: reuseAddr (SO_REUSEADDR).
 */

import { createSocket } from 'node:dgram'

import { asked, greeting, host, port, say } from '../../harness/program.ts'

process.title = 'one-peer'

const [, peerPort = 8081] = process.argv.filter((word) => /^\d+$/.test(word)).map(Number)

const socket = createSocket({ type: 'udp4', reuseAddr: asked('reuseAddr') })
socket.on('error', say.refused)
socket.on('message', (message, sender) => {
  say.received(message, sender)
  socket.send(greeting()) // to the peer: connect has said who that is
})
socket.bind({ address: host, port }, () => socket.connect(peerPort, host, () => say.bound(socket)))
