/**
 * closed: holds a port over TCP and UDP without opening it, so that nobody else can open it meanwhile.
 * By hand: npm run program closed 127.0.0.1 8080
 * Its TCP socket is bound and does not listen. Its UDP socket has a peer, and takes datagrams from that one only.
 */

import { createSocket } from 'node:dgram'
import { BoundSocket } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'closed'

/** The discard service of RFC 863, from which no datagram comes: it only has to be another port than anybody uses. */
const DISCARD = 9

try {
  const bound = new BoundSocket({ host, port })
  const socket = createSocket('udp4')
  socket.on('error', say.refused)
  socket.bind({ address: host, port }, () => socket.connect(DISCARD, host, () => say.boundOnly(bound.address())))
} catch (error) {
  say.refused(error)
}
