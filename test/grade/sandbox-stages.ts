/** Starts stages, as root and as an ordinary user, with bubblewrap and without, and has them perform. */

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import type { FoundSandbox, SandboxLimits } from '../../harness/process/sandbox.ts'
import { whyNot } from '../namespace.ts'
import type { Performance, Performed } from './sandbox-stage.ts'

export type Setting = { name: string; words: string[]; path: string; whyNot: string | null }

const ORDINARY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
const isRoot = process.getuid?.() === 0
const search = process.env['PATH'] ?? ''
const folders = [...search.split(delimiter), '/usr/sbin', '/sbin']
const find = (tool: string) => folders.map((folder) => join(folder, tool)).find((file) => existsSync(file))

/** Everything that a sandbox is made of but bubblewrap. */
function withoutBubblewrap(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'))
  chmodSync(folder, 0o755)
  for (const tool of [
    'unshare',
    'setpriv',
    'prlimit',
    'setsid',
    'mount',
    'umount',
    'pivot_root',
    'bash',
    'sh',
    'ip',
    'hostname',
  ]) {
    const file = find(tool)
    if (file !== undefined) symlinkSync(file, join(folder, tool))
  }
  return folder
}

const AS_ROOT = ['unshare', '--net']
const AS_USER = [...(isRoot ? ORDINARY : []), 'unshare', '--map-root-user', '--net']

/** `bare`: a folder of the tools without bubblewrap, to be removed in the end. */
export function settings(): { all: Setting[]; bare: string } {
  const whyNotRoot = isRoot ? whyNot([...AS_ROOT, 'true']) : 'these tests are not run by root'
  const whyNotUser = whyNot([...AS_USER, 'true'])
  const whyNoBubblewrap = find('bwrap') === undefined ? 'bwrap is not installed' : null
  const bare = withoutBubblewrap()
  const all = [
    { name: 'root, bubblewrap', words: AS_ROOT, path: search, whyNot: whyNotRoot ?? whyNoBubblewrap },
    { name: 'root, util-linux', words: AS_ROOT, path: bare, whyNot: whyNotRoot },
    { name: 'an ordinary user, bubblewrap', words: AS_USER, path: search, whyNot: whyNotUser ?? whyNoBubblewrap },
    { name: 'an ordinary user, util-linux', words: AS_USER, path: bare, whyNot: whyNotUser },
  ]
  return { all, bare }
}

export const LIMITS: SandboxLimits = {
  processes: 40,
  memoryBytes: 150_000_000,
  cpuSeconds: 1,
  fileBytes: 4_000_000,
  openFiles: 128,
  temporaryBytes: 8_000_000,
}

type Found = { found: FoundSandbox; user: { uid: number } | null }
type Message = { id?: number; performed?: Performed; ready?: Performed } & Partial<Found> & { why?: string }

type Waiting = {
  takes: (message: Message) => boolean
  resolve: (message: Message) => void
  reject: (error: Error) => void
}

export class Stage {
  readonly #child: ChildProcess
  readonly #waiting: Waiting[] = []
  #count = 0

  constructor({ words: [file = '', ...args], path }: Setting, passed: number[] = []) {
    const script = 'ip link set lo up && exec "$@"'
    const node = [process.execPath, join(import.meta.dirname, 'sandbox-stage.ts')]
    this.#child = spawn(file, [...args, 'sh', '-c', script, 'sh', ...node], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', ...passed],
      env: { PATH: path, HOME: process.env['HOME'] ?? '/', SECRET_OF_THE_HARNESS: 'the answer is 42' },
    })
    this.#child.on('message', (message: Message) => {
      const index = this.#waiting.findIndex(({ takes }) => takes(message))
      if (index >= 0) this.#waiting.splice(index, 1)[0]?.resolve(message)
    })
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting) reject(new Error(`the stage has gone: ${signal ?? code}`))
    })
  }

  async find(hidden: string[] = [], limits = LIMITS): Promise<Found> {
    const told = this.#hear(({ found, why }) => found !== undefined || why !== undefined)
    this.#child.send({ tell: 'find', limits, hidden })
    const { found, user = null, why } = await told
    if (found === undefined) throw new Error(why)
    return { found, user }
  }

  async perform(performance: Performance): Promise<Performed> {
    const id = (this.#count += 1)
    const told = this.#hear((message) => message.id === id && message.performed !== undefined)
    this.#child.send({ tell: 'perform', id, ...performance })
    return (await told).performed as Performed
  }

  /** Starts a program that is not ended; what it looked like when it had said `until`. */
  async start(performance: Performance & { until: string }): Promise<Performed> {
    const id = (this.#count += 1)
    const told = this.#hear((message) => message.id === id && message.ready !== undefined)
    this.#child.send({ tell: 'perform', id, ...performance, signal: 0 })
    return (await told).ready as Performed
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #hear(takes: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => this.#waiting.push({ takes, resolve, reject }))
  }
}

/**
 * The processes in a process namespace. Whoever may not look at one cannot tell; these tests are of its user or root. A
 * zombie has given everything back, and waits for process 1 of the machine, which takes its time.
 */
export function processesIn(namespace: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    try {
      const isZombie = /\) Z \d+ [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
      return !isZombie && readlinkSync(`/proc/${pid}/ns/pid`) === namespace
    } catch {
      return false
    }
  })
}
