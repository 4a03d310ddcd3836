/**
 * Scans of all ports of 127.0.0.1 against nmap's, each a whole process in a network namespace of its own, where nmap
 * may send its own packets. `-n -Pn` spares nmap the look-up of a name and the question whether the host is up, which
 * our scan does not do either; all else is as a person would type it. About half of nmap's connect scans take a second
 * longer than the others. So the ratio of the sums is told beside the median.
 */

import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { namespaced, noNamespace } from '../namespace.ts'
import { spread } from './figures.ts'

const ONCE = join(import.meta.dirname, 'scan-once.ts')
const EVERY_PORT = { tcp: /^6553[56] closed/m, udp: /^6553[45] closed/m }
const NMAP_EVERY_PORT = /All 65536 scanned ports|Not shown: 6553\d closed/

type Run = { wallMs: number; stdout: string; exitCode: number | null }

async function run(command: readonly string[]): Promise<Run> {
  const since = performance.now()
  const [file = '', ...args] = [...namespaced(), ...command]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece))
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { wallMs: performance.now() - since, stdout, exitCode }
}

/** A scan that has not asked every port would be quick for nothing. */
function demand({ exitCode, stdout }: Run, every: RegExp, what: string): void {
  if (exitCode !== 0 || !every.test(stdout)) throw new Error(`${what} ended with ${exitCode}:\n${stdout}`)
}

/** Why there is nothing to compare with, or null. */
async function whyNot(): Promise<string | null> {
  if (noNamespace !== null) return noNamespace
  const { exitCode } = await run(['sh', '-c', 'command -v nmap'])
  return exitCode === 0 ? null : 'nmap is not installed'
}

export async function benchScans(pairs: number): Promise<void> {
  const why = await whyNot()
  if (why !== null) {
    console.log(`Scans of all ports against nmap: skipped, ${why}`)
    return
  }
  for (const [protocol, option] of [
    ['tcp', '-sT'],
    ['udp', '-sU'],
  ] as const) {
    const nmap = ['nmap', option, '-n', '-Pn', '-p', '0-65535', '127.0.0.1']
    const ours = [process.execPath, '--disable-warning=ExperimentalWarning', ONCE, protocol]
    const ourMs: number[] = []
    const nmapMs: number[] = []
    for (let pair = 0; pair <= pairs; pair++) {
      const one = await run(ours)
      const other = await run(nmap)
      demand(one, EVERY_PORT[protocol], `our ${protocol} scan`)
      demand(other, NMAP_EVERY_PORT, nmap.join(' '))
      if (pair === 0) continue // the first pair warms the caches
      ourMs.push(one.wallMs)
      nmapMs.push(other.wallMs)
    }
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    const ratios = ourMs.map((ms, index) => ms / (nmapMs[index] ?? Number.NaN))
    console.log(`All ${protocol.toUpperCase()} ports of 127.0.0.1 against ${nmap.join(' ')}: ${pairs} pairs`)
    console.log(`  wall time, ratio                ${spread(ratios)}   at most 1.0`)
    console.log(`  ratio of the sums               ${(sum(ourMs) / sum(nmapMs)).toFixed(2)}`)
    console.log(`  wall time, ours and nmap        ${spread(ourMs, 0)} ms, ${spread(nmapMs, 0)} ms`)
  }
}
