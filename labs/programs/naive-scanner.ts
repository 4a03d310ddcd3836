/**
 * naive-scanner: at each Enter dials some TCP ports in turn, and calls open whatever it is connected to.
 * By hand: npm run program naive-scanner 127.0.0.1 8080 8083
 */

import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port as first, say } from '../../harness/program.ts'

process.title = 'naive-scanner'

const last = Number(process.argv.at(-1))

/** The port from which it was connected; null where it was refused. */
function dial(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.on('error', () => resolve(null))
    socket.on('connect', () => {
      resolve(socket.localPort ?? 0)
      socket.resetAndDestroy() // a plain close would leave the port in TIME-WAIT for a minute
    })
  })
}

async function scan(): Promise<void> {
  const open = []
  for (let port = first; port <= last; port++) {
    const from = await dial(port)
    if (from !== null) open.push({ port, from })
  }
  say.saw('open', open)
}

createInterface({ input: process.stdin })
  .on('line', () => void scan())
  .on('close', () => process.exit())
say.running()
