/**
 * server4: listens on TCP 127.0.0.2, serves one client, says who it was, and ends.
 * By hand: npm run program server4 8080
 */

import { createServer } from 'node:net'

import { greet, port, say } from '../../harness/program.ts'

process.title = 'server4'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  greet(client)
})
server.on('error', say.refused)
server.listen({ host: '127.0.0.2', port }, () => say.listening(server))
