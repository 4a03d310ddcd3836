/**
 * clients: opens that many connections to a TCP server at once, keeps them, and tells how many are there when asked.
 * By hand: npm run program clients 127.0.0.1 8080 8
 */

import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'clients'

let connected = 0
for (let i = 0; i < Number(process.argv.at(-1)); i++) {
  const socket = createConnection({ host, port, allowHalfOpen: true }, () => {
    if (connected++ === 0) say.connected(socket)
  })
  socket.on('error', (error) => {
    if (connected === 0) say.refused(error)
  })
  socket.resume()
}
createInterface({ input: process.stdin })
  .on('line', () => say.saw('connected', connected))
  .on('close', () => process.exit())
