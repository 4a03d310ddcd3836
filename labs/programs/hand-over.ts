/**
 * hand-over: a parent that passes its sockets to its child, over the channel that Node keeps between the two.
 * It passes every connection that it accepts. The line `pass` makes it pass the listening socket too, and the line
 * `close` makes it close its own descriptor of that.
 * By hand: npm run program hand-over 127.0.0.1 8080
 */

import { fork } from 'node:child_process'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'

import { asked, greet, host, port, say } from '../../harness/program.ts'

const isChild = asked('child')
process.title = isChild ? 'child' : 'parent'

if (isChild) {
  process.on('message', (what, socket) => {
    // A connection that was closed on the way does not arrive.
    if (what === 'connection') return socket && greet(socket as Socket)
    ;(socket as Server).on('connection', (client) => {
      say.accepted(client)
      greet(client)
    })
    say.saw('passed', 'a listening socket came')
  })
} else {
  const child = fork(import.meta.filename, [host, String(port), 'child'], { stdio: ['ignore', 1, 2, 'ipc'] })
  // A paused connection is not read from: what the client sends is left to the child.
  const server = createServer({ pauseOnConnect: true }, (client) => {
    say.accepted(client)
    child.send('connection', client) // Node closes our descriptor when the child has said that it has its own
  })
  server.on('error', say.refused)
  server.on('error', () => child.disconnect())
  server.listen({ host, port }, () => say.listening(server))
  process.stdin.setEncoding('utf8').on('data', (line) => {
    if (String(line).trim() === 'pass') return child.send('listener', server)
    server.close()
    say.saw('closed', 'my descriptor')
  })
}
