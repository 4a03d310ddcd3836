/**
 * What grading one submission costs without a grader: the same programs in the same sandbox, the same clients and
 * listings, one after the other, in a network and a process of its own, with nothing watched, judged or told. The bench
 * compares the grader with this. `grade-bare.ts FOLDER FOUND` where FOUND keeps what sandbox there is here.
 */

import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { PROGRAM_LIMITS } from '../../harness/grade/program-limits.ts'
import type { FoundSandbox } from '../../harness/process/sandbox.ts'
import { findSandbox } from '../../harness/process/sandbox.ts'

/** What each program binds, and in which of the kernel's tables it is seen then. */
const HOSTS = {
  server1: { host: '127.0.0.1', table: 'tcp' },
  server2: { host: '127.0.0.1', table: 'udp' },
  server7: { host: '::', table: 'tcp6' },
} as const

const [folder = '', file = ''] = process.argv.slice(2)
const known = existsSync(file) ? { known: JSON.parse(readFileSync(file, 'utf8')) as FoundSandbox } : {}
const sandbox = await findSandbox(PROGRAM_LIMITS, known)
if ('why' in sandbox) throw new Error(sandbox.why)
writeFileSync(file, JSON.stringify(sandbox.found))

const stage = mkdtempSync(join(tmpdir(), 'bare-'))
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=777', 'tmpfs', stage])
cpSync(folder, stage, { recursive: true })

let port = 17_000

/** Waits until its socket is in the kernel's table. */
async function start(role: keyof typeof HOSTS): Promise<{ child: ChildProcess; ended: Promise<unknown> }> {
  const { host, table } = HOSTS[role]
  const command = ['python3', `${role}.py`, String(port)]
  const options = { folder: stage, writable: false, env: { PORT: String(port), HOST: host }, telling: true }
  const { file: first, args, env } = (sandbox as Exclude<typeof sandbox, { why: string }>).enclose(command, options)
  const child = spawn(first, args, { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true })
  for (const stream of child.stdio.slice(1, 3)) (stream as NodeJS.ReadableStream).resume()
  let told = ''
  const ended = new Promise<void>((resolve) => {
    child.stdio[3]?.on('data', (piece: Buffer) => {
      told += String(piece)
      if (told.includes('ended')) resolve()
    })
  })
  const row = new RegExp(`^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F]+:0000 `, 'm')
  while (!row.test(readFileSync(`/proc/net/${table}`, 'latin1'))) await pause(5)
  return { child, ended }
}

async function end({ child, ended }: Awaited<ReturnType<typeof start>>, isAwaited = true): Promise<void> {
  if (isAwaited) await ended
  const gone = once(child, 'exit')
  process.kill(-(child.pid as number), 'SIGKILL')
  await gone
}

async function connect(host: string): Promise<void> {
  const socket = createConnection({ host, port, autoSelectFamily: false })
  socket.on('error', () => {}).resume()
  // once() of node:events would reject where the client is refused.
  await new Promise((resolve) => socket.once('close', resolve))
}

async function send(host: string): Promise<void> {
  const socket = createSocket('udp4')
  socket.send('timmy\n', port, host)
  await once(socket, 'message')
  socket.close()
}

function list(): void {
  for (const [tool, ...args] of [
    ['lsof', '+c', '0', '-nP', '-i', `:${port}`],
    ['ss', '-ltunp', `sport = :${port}`],
    ['netstat', '-ltunpW'],
  ] as const) {
    try {
      execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      // Absent here: then the grader does not run it either.
    }
  }
}

// Lab 01, sameNumber
let server2 = await start('server2')
list()
let server1 = await start('server1')
list()
await connect('127.0.0.1')
await end(server1)
await end(server2, false)
// Lab 01, onlyUdpIsLeft
port += 1
server1 = await start('server1')
server2 = await start('server2')
await connect('127.0.0.1')
await end(server1)
await connect('127.0.0.1')
await send('127.0.0.1')
await end(server2)
// Lab 04, dualStack
port += 1
let server7 = await start('server7')
list()
await connect('::1')
await end(server7)
server7 = await start('server7')
await connect('127.0.0.1')
await end(server7)

execFileSync('umount', [stage])
rmSync(stage, { recursive: true })
