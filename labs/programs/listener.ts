/**
 * listener: listens on the TCP address and port that it is told, greets every client, and stays until it is ended.
 * By hand: npm run program listener 127.0.0.1 8080
 * Further words: reusePort (SO_REUSEPORT), ipv6Only (IPV6_V6ONLY, for an IPv6 address).
 */

import { createServer } from 'node:net'

import { asked, greet, host, port, say } from '../../harness/program.ts'

process.title = 'listener'

const server = createServer((client) => {
  say.accepted(client)
  greet(client)
})
server.on('error', say.refused)
server.listen({ host, port, reusePort: asked('reusePort'), ipv6Only: asked('ipv6Only') }, () => say.listening(server))
