// Node sets IPV6_V6ONLY to 0 unless it is told otherwise.
import { createServer } from 'node:net'

const server = createServer((client) => {
  server.close()
  client.resume().end()
})
server.listen({ host: process.env.HOST, port: Number(process.argv[2]) })
