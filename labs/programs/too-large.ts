/**
 * too-large: asks Node for a port that is 65536 above the one it is told, and that no port number can be.
 * By hand: npm run program too-large 127.0.0.1 8080
 */

import { createServer } from 'node:net'

import { greet, host, port, say } from '../../harness/program.ts'

process.title = 'too-large'

const server = createServer((client) => {
  say.accepted(client)
  greet(client)
})
server.on('error', say.refused)
try {
  server.listen({ host, port: port + 65_536 }, () => say.listening(server))
} catch (error) {
  say.refused(error) // not by an event: Node throws before it asks the system for anything
}
