/**
 * client: connects to a TCP server, says both ends of the connection, and keeps its end open until Enter.
 * By hand: npm run program client 127.0.0.1 8080
 */

import { createConnection } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'client'

// Without allowHalfOpen Node closes our end as soon as the server closes its own, and the row is gone from the tables.
const socket = createConnection({ host, port, allowHalfOpen: true }, () => say.connected(socket))
const leave = () => socket.end()
socket.on('error', say.refused)
socket.on('end', () => say.saw('end', 'the server has closed its side'))
socket.on('close', () => process.stdin.destroy())
socket.resume()
process.stdin.once('data', leave).once('end', leave)
