/**
 * thread: a second thread of this process listens on the descriptor that the first thread made, and greets every client.
 * When a line comes, such as Enter, the second thread closes the descriptor.
 * By hand: npm run program thread 127.0.0.1 8080
 */

import { BoundSocket, createServer } from 'node:net'
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'

import { greet, greeting, host, port, say } from '../../harness/program.ts'

if (isMainThread) {
  process.title = 'thread'
  try {
    const bound = new BoundSocket({ host, port })
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: bound.fd() })
    process.stdin.on('data', () => worker.postMessage('close'))
  } catch (error) {
    say.refused(error)
  }
} else {
  const server = createServer((client) => {
    say.accepted(client)
    greet(client, `thread ${threadId} of ${greeting()}`)
  })
  server.on('error', say.refused)
  server.listen({ fd: workerData as number }, () => say.listening(server))
  parentPort?.once('message', () => server.close(() => say.saw('closed', `by thread ${threadId}`)))
}
