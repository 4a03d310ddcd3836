// Serves its client, and then calls what is not there.
import { createServer } from 'node:net'

const server = createServer((client) => {
  client.end('hello\n')
  server.close(() => client.goodbye())
})
server.listen(Number(process.argv[2]), process.env.HOST)
