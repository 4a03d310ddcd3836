/** Runs a command of the harness and measures it from outside. */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `npm run` starts. */
export const LAUNCHER = join(import.meta.dirname, '../../harness/cli/launch.cjs')

export type Measured = { wallMs: number; firstLineMs: number; peakMiB: number; stdout: string; exitCode: number | null }

/** Runs a file of ours to its end. */
export async function measure(file: string, args: readonly string[]): Promise<Measured> {
  const since = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
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
  return { wallMs: performance.now() - since, firstLineMs, peakMiB, stdout, exitCode }
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
