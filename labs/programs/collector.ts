/**
 * collector: takes numbered messages on one port over TCP and over UDP, and tells which of them came, in which order.
 * By hand: npm run program collector 127.0.0.1 8080
 * Over TCP it tells at the last number of a connection, and answers it. Over UDP it tells when something is typed.
 */

import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'collector'

const datagrams: number[] = []
const socket = createSocket('udp4', (message) => datagrams.push(Number.parseInt(message.toString())))
const server = createServer((client) => {
  say.accepted(client)
  const numbers: number[] = []
  client.on('error', () => client.destroy())
  createInterface({ input: client }).on('line', (line) => {
    const [number, last] = line.split('/').map((word) => Number.parseInt(word))
    numbers.push(number ?? 0)
    if (number !== last) return
    say.saw('over TCP', numbers)
    client.write('thank you\n')
  })
})
server.on('error', say.refused)
socket.on('error', say.refused)
socket.bind({ address: host, port }, () => server.listen({ host, port }, () => say.listening(server)))

// What has come before the line was typed is in the socket's queue, and libuv reads it in this turn of the loop.
createInterface({ input: process.stdin })
  .on('line', () => setImmediate(() => say.saw('over UDP', datagrams)))
  .on('close', () => process.exit())
