/**
 * client: connects to a TCP server, says both ends of the connection, hears the server's greeting, and ends.
 * By hand: npm run program client 127.0.0.1 8080
 */

import { createConnection } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'client'

const socket = createConnection({ host, port }, () => say.connected(socket))
socket.on('error', say.refused)
socket.resume()
