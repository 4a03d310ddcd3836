/** Starts lab programs as processes of their own and hears what they say. */

import type { Readable } from 'node:stream'

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
  /** The program gets `env` and nothing of the harness's own environment. */
  isWholeEnv?: boolean
  create?: (...parts: ConstructorParameters<typeof Running>) => Running
  /** For a program under a supervisor, which says on descriptor 3 what becomes of it: called for each line. */
  onWord?: (word: string) => void
}

/** Starts a program. Its process group is its own, so that Ctrl-C in a terminal reaches the harness and not the program. */
export async function launch(options: LaunchOptions): Promise<Running> {
  const { program, file, args, marker, env, isWholeEnv = false, onWord } = options
  const { create = (...parts) => new Running(...parts) } = options
  const start = await execa()
  const child = start(file, args, {
    reject: false,
    buffer: false,
    stdio: onWord ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
    extendEnv: !isWholeEnv,
    detached: true,
    // The guardian does this for every kind of death; execa could do it only for some.
    cleanup: false,
    // A program that ignores SIGTERM is to be seen doing so: execa would send SIGKILL after it.
    forceKillAfterDelay: false,
    env: { ...env, [MARKER_VARIABLE]: marker },
  })
  const { pid } = child
  if (pid === undefined) {
    const { shortMessage, code } = await child
    refuseIfRanOut(program, code)
    throw Object.assign(new Error(shortMessage), { code })
  }
  const running = create(program, pid, {
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
  child.stderr.setEncoding('utf8').on('data', (piece: string) => running.takeErrorOutput(piece))
  // A process that hands its output to a descendant ends before its pipes close: its own end is what counts.
  let left = false
  const leave = (exitCode: number | null, signal: string | null) => {
    if (left) return
    left = true
    running.takeGone(exitCode, signal)
  }
  const words = onWord ? (child.nodeChildProcess.stdio[3] as Readable) : null
  if (words && onWord) hearWords(words, onWord)
  // What the supervisor said last may be read after the end of all is told.
  const leaveAfterWords = (exitCode: number | null, signal: string | null) => {
    if (words && !words.readableEnded && !words.destroyed) whenDrained(words, () => leave(exitCode, signal))
    else leave(exitCode, signal)
  }
  child.nodeChildProcess.on('exit', (exitCode, signal) => {
    if (child.stdout.readableEnded || child.stdout.destroyed) leaveAfterWords(exitCode, signal)
    else {
      child.stdout.once('close', () => leaveAfterWords(exitCode, signal))
      whenDrained(child.stdout, () => leaveAfterWords(exitCode, signal))
    }
  })
  void child.then(({ exitCode, signal }) => leaveAfterWords(exitCode ?? null, signal ?? null))
  return running
}

function hearWords(pipe: Readable, onWord: (word: string) => void): void {
  let rest = ''
  pipe.on('error', () => {})
  pipe.setEncoding('latin1').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onWord(line)
  })
}
