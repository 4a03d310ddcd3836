import { createServer } from 'node:net'

const server = createServer((client) => {
  console.log(client.remoteAddress, client.remotePort)
  server.close()
  client.on('error', () => {})
  client.resume().end()
})
server.listen({ host: process.env.HOST, port: Number(process.argv[2]), reusePort: true })
