/**
 * question: a UDP client that never binds. It sends the line that is typed, and tells its own end.
 * By hand: npm run program question 127.0.0.1 8080
 * Further word: connect (connect(2) before it sends, so that its socket has one peer).
 */

import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'

import { asked, host, port, say } from '../../harness/program.ts'

process.title = 'question'

const socket = createSocket('udp4')
const tell = () => say.saw('own end', { address: socket.address().address, port: socket.address().port })
socket.on('error', say.refused)
createInterface({ input: process.stdin })
  .once('line', (line) => {
    if (asked('connect')) socket.connect(port, host, () => socket.send(line, tell))
    else socket.send(line, port, host, tell)
  })
  .on('close', () => process.exit())
say.running()
