/**
 * In the place of the grader: started in a network of its own, it finds the sandbox, starts programs in it, and tells
 * what came of them. It says little and judges nothing.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'

import { descendantsOf } from '../../harness/process/descendants.ts'
import type { SandboxLimits } from '../../harness/process/sandbox.ts'
import { findSandbox } from '../../harness/process/sandbox.ts'
import { holdMemory } from '../../harness/process/sandbox-memory.ts'

export type ToStage =
  { tell: 'find'; limits: SandboxLimits; hidden: string[] } | ({ tell: 'perform'; id: number } & Performance)

export type Performance = {
  command: string[]
  folder: string
  /** It is ended when this was said, or so many bytes were printed, or it took too much memory; else by itself. */
  until?: string | number
  /** Signal 0 ends nothing: kill(2). */
  signal?: 'SIGKILL' | 0
}

export type Performed = {
  /** What process 1 told: the program's end. */
  told: string
  output: string
  errors: string
  /** By whom memory was held, and whether it was too much. */
  memory: { by: string; exceeded: boolean }
  /** Processes in the sandbox when it was looked at last, process 1 not counted. */
  inside: number
  /** The sandbox's process namespace: nobody may be in it any more. */
  namespace: string
  /** Local addresses of listening sockets in this network, as /proc/net/tcp has them, when it was looked at last. */
  listening: string[]
}

const KEPT = 20_000
let limits: SandboxLimits
let sandbox: Exclude<Awaited<ReturnType<typeof findSandbox>>, { why: string }>

process.on('message', (message: ToStage) => void hear(message))
process.on('disconnect', () => process.exit())

async function hear(message: ToStage): Promise<void> {
  if (message.tell === 'find') {
    limits = message.limits
    const found = await findSandbox(limits, { hidden: message.hidden })
    if ('facts' in found) sandbox = found
    process.send?.('facts' in found ? { found: found.found, user: found.user } : found)
  } else await perform(message)
}

async function perform({
  id,
  command,
  folder,
  until,
  signal = 'SIGKILL',
}: Performance & { id: number }): Promise<void> {
  const { file, args, env } = sandbox.enclose(command, {
    folder,
    writable: false,
    env: { PORT: '8080' },
    telling: true,
  })
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true })
  const { pid = 0 } = child
  const memory = await holdMemory(pid, limits)
  const performed = { told: '', output: '', errors: '', inside: 0, namespace: '', listening: [] as string[] }
  let [bytes, isReady] = [0, false]
  const hearReady = () => {
    const isThere =
      typeof until === 'number'
        ? bytes >= until
        : until !== undefined && `${performed.output}${performed.told}`.includes(until)
    const isOver = performed.told.includes('ended ')
    if (isReady || !(isThere || isOver)) return
    look()
    isReady = true
    process.send?.({ id, ready: performed })
    child.kill(signal)
  }
  const look = () => {
    const inside = descendantsOf(pid).filter(({ innerPid, pid }) => innerPid !== pid)
    for (const { pid } of inside) performed.namespace ||= namespaceOf(pid)
    performed.inside = inside.filter(({ innerPid }) => innerPid !== 1).length
    performed.listening = listening()
  }
  const looks = setInterval(() => {
    if (!isReady) look()
    if (memory.exceeded()) child.kill('SIGKILL')
  }, 10)
  const keep = (key: 'told' | 'output' | 'errors') => (piece: Buffer) => {
    if (performed[key].length < KEPT) performed[key] += piece.toString()
    bytes += piece.length
    hearReady()
  }
  const [, stdout, stderr, words] = child.stdio
  child.stdin?.on('error', () => {})
  stdout?.on('data', keep('output'))
  stderr?.on('data', keep('errors'))
  words?.on('data', keep('told'))
  await once(child, 'close')
  clearInterval(looks)
  await memory.release()
  const held = { by: memory.by, exceeded: memory.exceeded() }
  process.send?.({ id, performed: { ...performed, memory: held } satisfies Performed })
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return ''
  }
}

/** proc(5), net/tcp: the fourth column is the state, and 0A is LISTEN. */
function listening(): string[] {
  const rows = readFileSync('/proc/self/net/tcp', 'latin1').trim().split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .flatMap(([, local = '', , state]) => (state === '0A' ? [local] : []))
}
