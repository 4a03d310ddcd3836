/** Runs the harness as a person would: `lab` with arguments, in a process of its own. */

import { join } from 'node:path'

import { execa } from 'execa'

export const PROJECT = join(import.meta.dirname, '..')
const LAB = 'harness/cli/lab.ts'

export type LabRun = { exitCode: number | undefined; signal: string | undefined; stdout: string; stderr: string }

export type LabRunOptions = {
  env?: Record<string, string>
  prefix?: readonly string[]
  timeoutMs?: number
  /** Another command of the harness than `lab`. */
  command?: string
}

/** `prefix` is put before Node, as `unshare -rn …` or `setpriv …`. Colour and CI are switched off unless asked for. */
export async function lab(args: readonly string[], options: LabRunOptions = {}): Promise<LabRun> {
  const { exitCode, signal, stdout, stderr } = await startLab(args, options)
  return { exitCode, signal, stdout, stderr }
}

/** The running process, for tests that send signals or close pipes. */
export function startLab(
  args: readonly string[],
  { env, prefix = [], timeoutMs = 50_000, command = LAB }: LabRunOptions = {},
) {
  const [file = process.execPath, ...rest] = [...prefix, process.execPath, join(PROJECT, command), ...args]
  return execa(file, rest, {
    cwd: PROJECT,
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
    env: { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, npm_lifecycle_event: undefined, ...env },
  })
}
