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

// libuv accepts one connection in each turn of its loop (uv__server_io), so the question can overtake connections that
// wait in the accept queue. A turn in which none was accepted has found the queue empty.
const count = (before: number) =>
  setImmediate(() => {
    if (kept.size > before) count(kept.size)
    else say.saw('kept', { connections: kept.size, rss: process.memoryUsage.rss() })
  })
createInterface({ input: process.stdin }).on('line', () => count(-1))
