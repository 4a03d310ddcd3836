/** Starts lab programs as processes of their own and hears what they say. */

import { execa } from '../command/execa.ts'
import { refuseIfRanOut } from '../command/ran-out.ts'
import { whenDrained } from './drained.ts'
import { MARKER_VARIABLE } from './marker.ts'
import { Running } from './running.ts'

export type LaunchOptions = {
  /** What the program is called in the narration. */
  program: string
  file: string
  args: readonly string[]
  marker: string
  env?: Record<string, string>
}

/** Starts a program. Its process group is its own, so that Ctrl-C in a terminal reaches the harness and not the program. */
export async function launch({ program, file, args, marker, env }: LaunchOptions): Promise<Running> {
  const start = await execa()
  const child = start(file, args, {
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    detached: true,
    // The guardian does this for every kind of death; execa could do it only for some.
    cleanup: false,
    env: { ...env, [MARKER_VARIABLE]: marker },
  })
  const { pid } = child
  if (pid === undefined) {
    const { shortMessage, code } = await child
    refuseIfRanOut(program, code)
    throw Object.assign(new Error(shortMessage), { code })
  }
  const running = new Running(program, pid, {
    signal(signal) {
      child.kill(signal)
    },
    killGroup() {
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    },
    write(text) {
      child.stdin.write(text)
    },
  })
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (piece: string) => running.takeOutput(piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    for (const line of piece.slice(0, 2000).split('\n')) running.takeOtherOutput(line)
  })
  // A process that hands its output to a descendant ends before its pipes close: its own end is what counts.
  let left = false
  const leave = (exitCode: number | null, signal: string | null) => {
    if (left) return
    left = true
    running.takeEnd(exitCode, signal)
  }
  child.nodeChildProcess.on('exit', (exitCode, signal) => {
    if (child.stdout.readableEnded || child.stdout.destroyed) leave(exitCode, signal)
    else {
      child.stdout.once('close', () => leave(exitCode, signal))
      whenDrained(child.stdout, () => leave(exitCode, signal))
    }
  })
  void child.then(({ exitCode, signal }) => leave(exitCode ?? null, signal ?? null))
  return running
}
