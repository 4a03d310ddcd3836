/**
 * Ends the programs of a run when the harness itself is killed and can clean up no more.
 * A detached shell waits for the end of a pipe that only the harness holds; the kernel closes that pipe however we die.
 */

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'

import { MARKER_VARIABLE } from './marker.ts'

// `read` returns when the last writer of the pipe is gone. The word `done` instead means that there is nothing to do.
// Several looks, because a program may fork between being seen and being killed.
const SCRIPT = `
read word
[ "$word" = done ] && exit 0
for look in 1 2 3 4 5 6 7 8 9 10; do
  found=
  for file in $(grep -lsaF "$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}; pid=\${pid%/environ}
    kill -9 "$pid" 2>/dev/null && found=1
  done
  [ -z "$found" ] && exit 0
done
`

export type Guardian = {
  /** Lets the guardian go: everything has been cleaned up. */
  dismiss(): void
}

/** Posts a guardian for every process that carries the marker. Without /bin/sh and /proc there is none. */
export function postGuardian(marker: string): Guardian {
  const environment = { ...process.env }
  delete environment[MARKER_VARIABLE]
  let shell: ChildProcess
  try {
    // Not through execa: the guardian must outlive us, so nothing may end it when we end.
    shell = spawn('/bin/sh', ['-c', SCRIPT, 'socket-labs-guardian', `${MARKER_VARIABLE}=${marker}`], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: environment,
      cwd: '/',
    })
  } catch {
    return { dismiss() {} }
  }
  shell.on('error', () => {})
  shell.stdin?.on('error', () => {})
  shell.unref()
  // The pipe must not keep the harness alive either.
  ;(shell.stdin as { unref?: () => void } | null)?.unref?.()
  return {
    dismiss() {
      shell.stdin?.end('done\n')
    },
  }
}
