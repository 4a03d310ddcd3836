/**
 * Lies told below the programs: strace(1) stands before each program and answers one of its system calls with 0, so
 * that it was never done. With -D the program keeps the process id that the harness knows.
 */

import { execaSync } from 'execa'

import type { Fault } from '../../harness/run/cast.ts'

export const CALLS = ['bind', 'listen', 'connect', 'setsockopt'] as const

export type Call = (typeof CALLS)[number]

export function faultForCall(call: Call): Fault {
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:retval=0`]
  return { nodeArguments: [], env: {}, command: ['strace', '-D', '-qq', '-f', '-o', '/dev/null', ...inject] }
}

/** Found by trying: a container may have the tool, and forbid ptrace(2). */
export function whyNoCalls(): string | null {
  const [file = '', ...args] = faultForCall('bind').command ?? []
  const { exitCode, stderr, shortMessage } = execaSync(file, [...args, 'true'], { reject: false })
  return exitCode === 0
    ? null
    : `strace cannot stand before a program: ${(stderr || shortMessage || '').split('\n')[0]}`
}
