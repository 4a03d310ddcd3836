/**
 * server6: listens on TCP 0.0.0.0, the IPv4 wildcard address, serves one client, says who it was, and ends.
 * By hand: npm run program server6 8080
 */

import { createServer } from 'node:net'

import { greet, port, say } from '../../harness/program.ts'

process.title = 'server6'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  greet(client)
})
server.on('error', say.refused)
server.listen({ host: '0.0.0.0', port }, () => say.listening(server))
