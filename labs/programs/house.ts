/**
 * house: listens with reusePort, keeps every connection, and says how many it has when asked.
 * By hand: npm run program house 127.0.0.1 8080   (then type: how many)
 */

import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'house'

const kept = new Set<Socket>()
const server = createServer((client) => {
  kept.add(client)
  client.on('error', () => client.destroy()).on('close', () => kept.delete(client))
  client.resume()
})
server.on('error', say.refused)
server.listen({ host, port, reusePort: true }, () => say.listening(server))
createInterface({ input: process.stdin }).on('line', () => {
  say.saw('kept', { connections: kept.size, rss: process.memoryUsage.rss() })
})
