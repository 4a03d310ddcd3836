/**
 * address-counter: listens on a TCP address and port, greets every client, and keeps the connection open. When count is
 * typed, it says how many clients came, and how many of its addresses they had dialled.
 * By hand: npm run program address-counter 0.0.0.0 8080
 */

import { createServer } from 'node:net'

import { greeting, host, port, say } from '../../harness/program.ts'

process.title = 'address-counter'

let clients = 0
const addresses = new Set<string | undefined>()

const server = createServer((client) => {
  clients += 1
  addresses.add(client.localAddress) // of the accepted socket, which has the address that the client dialled
  client.on('error', () => client.destroy())
  client.write(greeting())
})
server.on('error', say.refused)
server.listen({ host, port }, () => say.listening(server))
process.stdin.on('data', () => say.saw('counted', { clients, addresses: addresses.size }))
