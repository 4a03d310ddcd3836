/**
 * opener: listens on each port that is typed, and tells what came of it. Or type `highest`: the highest privileged port.
 * By hand: npm run program opener 127.0.0.1
 * With the word unprivileged it first gives up the right to such ports, CAP_NET_BIND_SERVICE (capabilities(7)).
 */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

import { asked, host, say } from '../../harness/program.ts'

process.title = 'opener'

const read = (file: string) => readFileSync(file, 'latin1')

/** proc_pid_status(5): the capabilities that count, one bit each. This one has the number 10. */
const effective = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(read('/proc/self/status'))?.[1] ?? '0'}`)
const capability = ((effective >> 10n) & 1n) === 1n

if (asked('unprivileged') && capability && !asked('again')) {
  // setpriv(1) takes the right away and starts us again. execve(2) gives no right back that the bounding set lacks.
  const without = ['setpriv', '--bounding-set=-net_bind_service', '--inh-caps=-net_bind_service']
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1), 'again']
  process.execve?.('/usr/bin/env', ['env', ...without, ...again])
}

const limit = Number(read('/proc/sys/net/ipv4/ip_unprivileged_port_start'))
// In a user namespace the ids are mapped (user_namespaces(7)); in the first one all are, each to itself.
const namespace = /^\s*0\s+0\s+4294967295\s*$/.test(read('/proc/self/uid_map')) ? 'first' : 'another'
say.running()
say.saw('rights', { user: process.getuid?.() ?? -1, capability, namespace, limit })

/** Ports that are in use are left to their users: the next lower one serves as well. */
async function open(port: number, lowest = port): Promise<{ port: number; outcome: string }> {
  if (port === 0) return { port, outcome: 'none' }
  const refusal = await once(createServer().listen({ host, port }), 'listening').then(
    () => null,
    ({ code }: NodeJS.ErrnoException) => code ?? 'unknown',
  )
  return refusal === 'EADDRINUSE' && port > lowest ? open(port - 1, lowest) : { port, outcome: refusal ?? 'listening' }
}

const tell = async (line: string) =>
  say.saw('opened', await (line === 'highest' ? open(Math.max(0, limit - 1), 1) : open(+line)))
createInterface({ input: process.stdin })
  .on('line', (line) => void tell(line))
  .on('close', () => process.exit())
