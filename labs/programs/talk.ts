/**
 * talk: connects to a TCP server, tells each line that the server says, and sends each line that is typed.
 * By hand: npm run program talk 127.0.0.1 8080
 */

import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'talk'

const socket = createConnection({ host, port }, () => say.connected(socket))
socket.on('error', say.refused)
socket.on('close', () => process.stdin.destroy())
createInterface({ input: socket }).on('line', (line) => say.saw('heard', line))
createInterface({ input: process.stdin })
  .on('line', (line) => socket.write(`${line}\r\n`))
  .on('close', () => socket.end())
