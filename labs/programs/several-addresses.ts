/**
 * several-addresses: one process that listens on every TCP address and port that it is told, and greets every client.
 * By hand: npm run program several-addresses 0.0.0.0:8080 127.0.0.1:8081 '[::]:8082'
 */

import { once } from 'node:events'
import { createServer } from 'node:net'

import { greet, say } from '../../harness/program.ts'

process.title = 'several-addresses'

try {
  const servers = []
  for (const word of process.argv.slice(2).reverse()) {
    const [, host = '', port] = /^\[?(.+?)\]?:(\d+)$/.exec(word) ?? []
    const server = createServer((client) => {
      say.accepted(client)
      greet(client)
    })
    await once(server.listen({ host, port: Number(port) }), 'listening')
    servers.unshift(server)
  }
  servers.forEach(say.listening) // none is told before all are there
} catch (error) {
  say.refused(error)
  process.exit()
}
