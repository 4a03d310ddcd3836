/**
 * What lab 04 costs without a harness: the same programs, connections and listings in as many processes, one after the
 * other, with nothing recorded, checked or told. The bench compares the harness with this.
 */

import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'

const PROGRAMS = join(import.meta.dirname, '../../labs/programs')
const PORT = process.argv[2] ?? '8080'

/** Waits for the first line: the program listens, or was refused. */
async function start(name: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(PROGRAMS, `${name}.ts`), PORT], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  return child
}

async function connect(host: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = createConnection({ host, port: Number(PORT) })
    socket.on('data', () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  if (signal) child.kill(signal)
  await gone
}

function list(): void {
  for (const [tool, ...args] of [
    ['lsof', '+c', '0', '-nP', '-i', `:${PORT}`],
    ['ss', '-ltunp', `sport = :${PORT}`],
    ['netstat', '-ltunpW'],
  ] as const) {
    try {
      execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      // Absent here: then the harness does not run it either.
    }
  }
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) readFileSync(`/proc/net/${table}`)
}

// Act 1
let server7 = await start('server7')
list()
await connect('::1')
await end(server7)
server7 = await start('server7')
await connect('127.0.0.1')
await end(server7, 'SIGKILL')
// Act 2
let server6 = await start('server6')
await connect('::1')
await end(server6, 'SIGKILL')
// Act 3
server6 = await start('server6')
await end(await start('server7'))
await end(server6, 'SIGTERM')
server7 = await start('server7')
await end(await start('server6'))
await end(server7, 'SIGKILL')
// Act 4
let server8 = await start('server8')
await connect('127.0.0.1')
server6 = await start('server6')
await end(server8, 'SIGTERM')
server8 = await start('server8')
list()
await connect('::1')
await connect('127.0.0.1')
await end(server8)
await end(server6)
