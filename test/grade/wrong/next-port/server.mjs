// Helps itself where the port is taken.
import { createServer } from 'node:net'

let port = Number(process.argv[2])
const server = createServer((client) => {
  server.close()
  client.resume().end()
})
server.on('error', () => server.listen({ host: process.env.HOST, port: (port += 1) }))
server.listen({ host: process.env.HOST, port })
