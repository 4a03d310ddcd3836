/**
 * crowd: opens connections when told how many, each from another address of 127.0.0.0/8, and all from one port.
 * By hand: npm run program crowd 127.0.0.1 8080 0   (then type: 500, and at the end: reset)
 * The last number tells several crowds apart, from 0 on: each has 125,000 addresses of its own.
 */

import type { Socket } from 'node:net'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'crowd'

const [OWN_PORT, AT_ONCE] = [20_000, 64]
const crowd = Number(process.argv.at(-1))
let next = 0
const kept: Socket[] = []

/** 127.1.0.1, 127.1.0.2 …: sixteen million addresses are local here without being set up. */
const address = (n: number) =>
  `127.${1 + 2 * crowd + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${1 + (n % 250)}`

const open = () =>
  new Promise<string | null>((resolve) => {
    const from = { localAddress: address(next++), localPort: OWN_PORT }
    const socket = createConnection({ host, port, ...from, autoSelectFamily: false }, () => {
      kept.push(socket)
      resolve(null)
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'))
  })

const openMany = async (wanted: number) => {
  let [left, refused] = [wanted, null as string | null]
  const one = async () => {
    while (left-- > 0 && refused === null) refused = await open()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  say.saw('opened', { connections: kept.length, refused, rss: process.memoryUsage.rss() })
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line !== 'reset') return void openMany(Number(line))
  // Closed sockets without a process would use up what the kernel keeps for all networks together (tcp_max_orphans).
  for (const socket of kept) socket.resetAndDestroy()
  say.saw('reset', kept.length)
})
say.running()
