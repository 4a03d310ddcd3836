/** Runs a tool to its end and says what came of it. A tool that is absent is an answer, not an error. */

import { execFile } from 'node:child_process'
import type { ExecException } from 'node:child_process'

export type ToolRun =
  | { outcome: 'ran'; stdout: string; stderr: string; exitCode: number }
  | { outcome: 'absent'; reason: string }
  | { outcome: 'stopped'; reason: string; timedOut: boolean; stdout: string; stderr: string }

export type ToolOptions = {
  timeoutMs?: number
  input?: string
  env?: Readonly<Record<string, string>>
  signal?: AbortSignal
  uid?: number
  gid?: number
}

const MOST_BYTES = 50_000_000

/**
 * Runs `command` with `args`, in the C locale so that its words are English, and waits for its end.
 *
 * @returns `ran` with its output whatever the exit code; `absent` where there is no such program or it may not be run;
 *   `stopped` where it had to be ended (time limit, 50 MB of output) or died by a signal.
 */
export async function runTool(command: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  const { input, signal, uid, gid, env } = options
  const timeoutMs = Math.ceil(options.timeoutMs ?? 10_000)
  const settings = {
    maxBuffer: MOST_BYTES,
    env: { ...process.env, LC_ALL: 'C', LANG: 'C', ...env },
    ...(signal && { signal }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  }
  let timedOut = false
  let timer: NodeJS.Timeout | undefined
  const ran = new Promise<ToolRun>((resolve) => {
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ outcome: 'ran', stdout, stderr, exitCode: 0 })
      // A number is the exit code, a text the reason why there was none.
      if (typeof error.code === 'number') return resolve({ outcome: 'ran', stdout, stderr, exitCode: error.code })
      const how = timedOut ? `took longer than ${timeoutMs} ms` : whyStopped(error)
      if (how === null) return resolve(absent(command, error))
      resolve({ outcome: 'stopped', reason: `${command} ${how}`, timedOut, stdout, stderr })
    })
    timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeoutMs)
    // A tool that does not read what it is given closes the pipe: its exit code tells how it went.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
  try {
    return await ran
  } catch (error) {
    // What the kernel refuses before there is a process Node throws, such as EINVAL for a user that this namespace lacks.
    return absent(command, error as ExecException)
  } finally {
    clearTimeout(timer)
  }
}

function absent(command: string, { code, message }: ExecException): ToolRun {
  return { outcome: 'absent', reason: `${command}: ${code ?? message}` }
}

function whyStopped(error: ExecException): string | null {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than 50 MB'
  if (error.code === 'ABORT_ERR') return 'was not needed any more'
  return error.signal ? `was ended by ${error.signal}` : null
}

/** The command line as a person would type it. */
export function typedCommand(command: string, args: readonly string[]): string {
  return [
    command,
    ...args.map((arg) => (/^[\w+:./=,@%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)),
  ].join(' ')
}
