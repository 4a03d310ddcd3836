/**
 * several-ports: one process that listens on every TCP port that it is told, and greets every client.
 * By hand: npm run program several-ports 127.0.0.1 8080 8081 8082
 */

import { once } from 'node:events'
import { createServer } from 'node:net'

import { greet, host, say } from '../../harness/program.ts'

process.title = 'several-ports'

try {
  const servers = []
  for (const port of process.argv.filter((word) => /^\d+$/.test(word)).reverse()) {
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
