// Says nothing and closes nothing before its client has spoken.
import { createServer } from 'node:net'

const server = createServer((client) => {
  server.close()
  client.once('data', () => client.end('bye\n'))
})
server.listen({ host: process.env.HOST, port: Number(process.argv[2]) })
