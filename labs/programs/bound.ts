/**
 * bound: binds a TCP socket and does not listen on it until a line comes on standard input, such as Enter.
 * By hand: npm run program bound 127.0.0.1 8080
 * Further words: reusePort (SO_REUSEPORT), ipv6Only (IPV6_V6ONLY, for an IPv6 address).
 * net.BoundSocket has existed since Node 24.19 and 26.4.
 */

import { BoundSocket, createServer } from 'node:net'

import { asked, greet, host, port, say } from '../../harness/program.ts'

process.title = 'bound'

try {
  const bound = new BoundSocket({ host, port, reusePort: asked('reusePort'), ipv6Only: asked('ipv6Only') })
  say.boundOnly(bound.address())
  process.stdin.once('data', () => {
    process.stdin.pause()
    const server = createServer((client) => {
      say.accepted(client)
      greet(client)
    })
    server.on('error', say.refused)
    server.listen(bound, () => say.listening(server))
  })
} catch (error) {
  say.refused(error)
}
