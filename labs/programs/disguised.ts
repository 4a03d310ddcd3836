/**
 * disguised: a harmless listener that calls itself sshd, as a program that does not want to be noticed would.
 * By hand: npm run program disguised 0.0.0.0 8081
 */

import { createServer } from 'node:net'

import { greet, host, port, say } from '../../harness/program.ts'

process.title = 'sshd'

const server = createServer((client) => {
  say.accepted(client)
  greet(client)
})
server.on('error', say.refused)
server.listen({ host, port }, () => say.listening(server))
