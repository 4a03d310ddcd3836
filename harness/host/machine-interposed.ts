/** What comes between a program and the kernel: libraries, options, proxies, a tracer, a filter of system calls. */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

import type { Interposed } from '../domain/machine.ts'

type Environment = Readonly<Record<string, string | undefined>>

export function readInterposed(): Interposed[] {
  const preload = read('/etc/ld.so.preload') ?? ''
  return interposedBy(process.env, {
    preload,
    status: read('/proc/self/status') ?? '',
    mounts: read('/proc/self/mounts') ?? '',
  })
}

/** Variables whose value is a list of files or of options: ld.so(8), dyld(1), Node's command-line options. */
const TOLD = ['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES', 'NODE_OPTIONS', 'UV_USE_IO_URING']

/** Their values may have names and passwords in them. */
const UNTOLD = /^(?:https?|all|no|ftp|socks)_proxy$/i

/** `preload` is the file of ld.so(8), `status` that of proc_pid_status(5), `mounts` that of proc_pid_mounts(5). */
type Files = { preload: string; status: string; mounts: string }

export function interposedBy(env: Environment, { preload, status, mounts }: Files): Interposed[] {
  const value = (name: string) => env[name]?.trim() ?? ''
  const told = TOLD.filter((name) => value(name) !== '').map((name) => ({ name, value: withoutFolders(value(name)) }))
  const untold = Object.keys(env).filter((name) => UNTOLD.test(name) && value(name) !== '')
  const field = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  const [, hidden = ''] = /^\S+ \/proc proc \S*\bhidepid=(\w+)/m.exec(mounts) ?? []
  return [
    ...told,
    ...untold.sort().map((name) => ({ name, value: 'set' })),
    ...(preload.trim() === '' ? [] : [{ name: '/etc/ld.so.preload', value: withoutFolders(preload.trim()) }]),
    ...(field('TracerPid') === 0 ? [] : [{ name: 'ptrace', value: 'traced by another process' }]),
    // proc(5): then nobody sees who holds the sockets of other users.
    ...(hidden === '' || hidden === '0' || hidden === 'off' ? [] : [{ name: 'hidepid', value: hidden }]),
    // seccomp(2): 2 is a filter. Engines of containers set one.
    ...(field('Seccomp') === 2 ? [{ name: 'seccomp', value: 'a filter of system calls' }] : []),
  ]
}

/** `--require=/home/ann/hook.js` becomes `--require=hook.js`: folders tell of people. */
export function withoutFolders(text: string): string {
  return text
    .replaceAll(/(?:[A-Za-z]:[\\/]|\\\\|(?:~|\.{1,2})?\/)[^\s:;,="']*/g, (path) => lastPart(path))
    .replaceAll(/\s+/g, ' ')
}

function lastPart(path: string): string {
  return basename(path.replaceAll('\\', '/')) || '/'
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
