/** Runs a tool to its end and says what came of it. A tool that is absent is an answer, not an error. */

import { execa } from './execa.ts'
import { OWN_START_MS, stretchFor } from './patience.ts'
import { refuseIfRanOut } from './ran-out.ts'

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

/**
 * Runs `command` with `args`, in the C locale so that its words are English, and waits for its end: ten seconds, and
 * longer on a machine that is slow just now, unless `timeoutMs` says otherwise.
 *
 * @returns `ran` with its output whatever the exit code; `absent` where there is no such program or it may not be run;
 *   `stopped` where it had to be ended (time limit, 50 MB of output) or died by a signal.
 * @throws Inconclusive where there is no process or open file left to start it with.
 */
export async function runTool(command: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  // Limits are stretched by fractions, and execa wants a whole number.
  const timeoutMs = Math.ceil(options.timeoutMs ?? 10_000 * stretchFor(OWN_START_MS))
  const result = await (
    await execa()
  )(command, args, {
    reject: false,
    timeout: timeoutMs,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    env: { LC_ALL: 'C', LANG: 'C', ...options.env },
    maxBuffer: 50_000_000,
    stripFinalNewline: false,
  })
  if (result.exitCode !== undefined) {
    return { outcome: 'ran', stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode }
  }
  const { stdout, stderr, timedOut } = result
  const stopped = (how: string): ToolRun => ({
    outcome: 'stopped',
    reason: `${command} ${how}`,
    timedOut,
    stdout,
    stderr,
  })
  if (timedOut) return stopped(`took longer than ${timeoutMs} ms`)
  if (result.isMaxBuffer) return stopped('printed more than 50 MB')
  if (result.isCanceled) return stopped('was not needed any more')
  if (result.signal !== undefined) return stopped(`was ended by ${result.signal}`)
  refuseIfRanOut(command, result.code)
  return { outcome: 'absent', reason: `${command}: ${result.code ?? result.shortMessage}` }
}

/** The command line as a person would type it. */
export function typedCommand(command: string, args: readonly string[]): string {
  return [
    command,
    ...args.map((arg) => (/^[\w+:./=,@%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)),
  ].join(' ')
}
