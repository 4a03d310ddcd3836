/**
 * asker: sends each line that is typed as a datagram, and tells from which address and port the answer came.
 * By hand: npm run program asker 127.0.0.1 8080
 * Its socket has no peer: an answer gets through from wherever it comes.
 */

import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'asker'

const socket = createSocket('udp4')
socket.on('error', say.refused)
socket.on('message', (_answer, from) => say.saw('answer from', { address: from.address, port: from.port }))
socket.bind({ address: host, port: 0 }, () => {
  say.bound(socket, 0)
  createInterface({ input: process.stdin })
    .on('line', (line) => socket.send(line, port, host))
    .on('close', () => socket.close())
})
