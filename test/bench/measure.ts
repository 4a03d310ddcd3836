/** Runs a command of the harness and measures it from outside. */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `npm run` starts. */
export const LAUNCHER = join(import.meta.dirname, '../../harness/cli/launch.cjs')

export type Measured = {
  wallMs: number
  cpuMs: number
  firstLineMs: number
  peakMiB: number
  stdout: string
  exitCode: number | null
}

/** Runs a file of ours to its end. `prefix`: words before those that start it. */
export async function measure(
  file: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<Measured> {
  const since = performance.now()
  const cpuSince = cpuOfChildren()
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', file, ...args]
  const [command = '', ...words] = [...prefix, ...node]
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let firstLineMs = Number.NaN
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    if (stdout === '') firstLineMs = performance.now() - since
    stdout += piece
  })
  let peakMiB = Number.NaN
  const watch = setInterval(() => (peakMiB = peakOf(child.pid) ?? peakMiB), 20)
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(watch)
  const cpuMs = cpuOfChildren() - cpuSince
  return { wallMs: performance.now() - since, cpuMs, firstLineMs, peakMiB, stdout, exitCode }
}

/** proc_pid_stat(5), cutime and cstime: of all that was waited for, in ticks of 10 ms; NaN where there is no /proc. */
export function cpuOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return 10 * (Number(fields[13]) + Number(fields[14]))
  } catch {
    return Number.NaN
  }
}

/** The kernel keeps the largest resident size so far: VmHWM in proc(5). */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}

/** What failed was quick for nothing. */
export function demand({ exitCode, stdout }: Measured, what: string): void {
  if (exitCode !== 0) throw new Error(`${what} ended with ${exitCode}:\n${stdout}`)
}
