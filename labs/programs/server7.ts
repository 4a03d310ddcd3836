/**
 * server7: listens on TCP ::, the IPv6 wildcard address, serves one client, says who it was, and ends.
 * By hand: npm run program server7 8080
 */

import { createServer } from 'node:net'

import { greet, port, say } from '../../harness/program.ts'

process.title = 'server7'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  greet(client)
})
server.on('error', say.refused)
server.listen({ host: '::', port }, () => say.listening(server))
