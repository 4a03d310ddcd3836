/**
 * server7: listens on TCP ::, the IPv6 wildcard address, serves one client, says who it was, and ends.
 * By hand: npm run program server7 8080
 */

import { createServer } from 'node:net'

import { greeting, port, say } from '../../harness/program.ts'

process.title = 'server7'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  client.end(greeting(), () => client.destroy())
})
server.on('error', say.refused)
server.listen({ host: '::', port }, () => say.listening(server))
