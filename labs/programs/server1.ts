/**
 * server1: listens on TCP 127.0.0.1, serves one client, says who it was, and ends.
 * By hand: npm run program server1 8080
 */

import { createServer } from 'node:net'

import { greet, port, say } from '../../harness/program.ts'

process.title = 'server1'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  greet(client)
})
server.on('error', say.refused)
server.listen({ host: '127.0.0.1', port }, () => say.listening(server))
