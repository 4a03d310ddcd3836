/**
 * backlog: listens with the backlog that it is told, keeps every client, and tells of each one that it accepts.
 * By hand: npm run program backlog 127.0.0.1 8080 5
 */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

import { host, port, say } from '../../harness/program.ts'

process.title = 'backlog'

const server = createServer((client) => {
  client.on('error', () => client.destroy())
  client.resume()
  say.accepted(client)
  say.saw('accepted', { address: client.remoteAddress ?? '', port: client.remotePort ?? 0 })
})
server.on('error', say.refused)
server.listen({ host, port, backlog: Number(process.argv.at(-1)) }, () => {
  say.listening(server)
  say.saw('somaxconn', somaxconn())
})

/** The system's own limit for a backlog; 0 where it cannot be read. */
function somaxconn(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'latin1'))
  } catch {
    return 0
  }
}
