/**
 * keeper: listens, and keeps every connection that it accepts. It sends nothing, and closes nothing.
 * By hand: npm run program keeper 127.0.0.1 8080
 */

import { createServer } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'keeper'

const server = createServer((client) => {
  client.on('error', () => client.destroy())
  say.accepted(client)
  say.saw('kept', `a connection from port ${client.remotePort}`)
})
server.on('error', say.refused)
server.listen({ host, port }, () => say.listening(server))
