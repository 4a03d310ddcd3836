/**
 * server4: listens on TCP 127.0.0.2, serves one client, says who it was, and ends.
 * By hand: npm run program server4 8080
 */

import { createServer } from 'node:net'

import { greeting, port, say } from '../../harness/program.ts'

process.title = 'server4'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  client.end(greeting(), () => client.destroy())
})
server.on('error', say.refused)
server.listen({ host: '127.0.0.2', port }, () => say.listening(server))
