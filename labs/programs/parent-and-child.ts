/**
 * parent-and-child: listens, and when a line comes, such as Enter, starts a child that inherits the listening socket.
 * The parent greets every client. The child greets one: then it closes its descriptor, and ends.
 * By hand: npm run program parent-and-child 127.0.0.1 8080
 */

import { spawn } from 'node:child_process'
import { BoundSocket, createServer } from 'node:net'

import { asked, greet, host, port, say } from '../../harness/program.ts'

const isChild = asked('child')
process.title = isChild ? 'child' : 'parent'

const server = createServer((client) => {
  if (isChild) server.close() // before the greeting: who has heard it can rely on it
  say.accepted(client)
  greet(client)
})

if (isChild) {
  server.on('error', ({ message }) => say.saw('child', `no socket: ${message}`))
  server.listen({ fd: 3 }, () => say.saw('child', 'accepts on its descriptor 3'))
} else {
  try {
    const bound = new BoundSocket({ host, port })
    const descriptor = bound.fd()
    server.on('error', say.refused)
    server.listen(bound, () => say.listening(server))
    process.stdin.once('data', () => {
      const words = [...process.execArgv, import.meta.filename, host, String(port), 'child']
      // A child inherits the descriptors in this list. Their places are its own numbers: 0, 1, 2, and 3 for the socket.
      spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit', descriptor] })
    })
  } catch (error) {
    say.refused(error)
  }
}
