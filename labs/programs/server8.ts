/**
 * server8: listens on TCP :: for IPv6 only (IPV6_V6ONLY), serves one client, says who it was, and ends.
 * By hand: npm run program server8 8080
 */

import { createServer } from 'node:net'

import { greet, port, say } from '../../harness/program.ts'

process.title = 'server8'

const server = createServer((client) => {
  say.accepted(client)
  server.close()
  greet(client)
})
server.on('error', say.refused)
server.listen({ host: '::', port, ipv6Only: true }, () => say.listening(server))
