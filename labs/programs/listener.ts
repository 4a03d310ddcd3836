/**
 * listener: listens on the TCP address and port that it is told, greets every client, and stays until it is ended.
 * By hand: npm run program listener 127.0.0.1 8080
 * Further words: reusePort (SO_REUSEPORT), ipv6Only (IPV6_V6ONLY, for an IPv6 address).
 */

import { createServer } from 'node:net'

import { asked, greeting, host, port, say } from '../../harness/program.ts'

process.title = 'listener'

const server = createServer((client) => {
  client.on('error', () => client.destroy()) // a client that resets its connection must not end the listener
  say.accepted(client)
  client.end(greeting(), () => client.destroy())
})
server.on('error', say.refused)
server.listen({ host, port, reusePort: asked('reusePort'), ipv6Only: asked('ipv6Only') }, () => say.listening(server))
