/** Asks one tool for the sockets of a port. A tool whose output is not understood counts as absent, with the reason. */

import { runTool, typedCommand } from '../command/tool.ts'
import type { ToolRun } from '../command/tool.ts'
import type { Protocol } from '../domain/endpoint.ts'
import type { Listing, ListingSource, SocketRow } from '../domain/socket-row.ts'
import { isLsofOutput, lsofArguments, readLsof } from './lsof.ts'
import { isNetstatOutput, netstatArguments, readNetstat } from './netstat.ts'
import { isSsOutput, readSs, ssArguments } from './ss.ts'

/** Without a port: of all ports. `listening` leaves out connections: what remains are TCP listeners and UDP sockets without a peer. */
export type PortFilter = { port?: number; protocol?: Protocol; listening?: boolean }
export type Absent = { source: ListingSource; reason: string }
export type Answer = { listing: Listing } | { absent: Absent }
type Finished = Extract<ToolRun, { outcome: 'ran' }>

export async function askLsof(filter: PortFilter): Promise<Answer> {
  const args = lsofArguments(filter)
  return answer('lsof', await runTool('lsof', args), (run) => {
    const complaint = lsofComplaint(run)
    if (complaint !== null) return complaint
    return { source: 'lsof', command: typedCommand('lsof', args), ...readLsof(run.stdout) }
  })
}

/** lsof ends with 1 both when nothing matches and when it refuses: only the refusal has something on stderr to say. */
function lsofComplaint({ stdout, stderr, exitCode }: Finished): string | null {
  if (!isLsofOutput(stdout)) return 'it prints other columns than lsof'
  const words = stderr.split('\n').find((line) => line !== '' && !/^\s|^lsof: (?:WARNING|no pwd entry)/.test(line))
  return exitCode !== 0 && stdout.trim() === '' && words !== undefined ? words : null
}

export async function askSs(filter: PortFilter): Promise<Answer> {
  const args = ssArguments(filter)
  return answer('ss', await runTool('ss', args), (run) => {
    if (run.exitCode !== 0) return firstLine(run)
    if (!isSsOutput(run.stdout)) return 'it prints other columns than the ss of iproute2'
    return { source: 'ss', command: typedCommand('ss', args), ...readSs(run.stdout, filter) }
  })
}

/** netstat lists every port: the listing of one is what the command typed with its `grep` prints. */
export async function askNetstat(filter: PortFilter): Promise<Answer> {
  const args = netstatArguments(filter)
  return answer('netstat', await runTool('netstat', args), (run) => {
    if (run.exitCode !== 0) return firstLine(run)
    if (!isNetstatOutput(run.stdout)) return "it prints other columns than Linux's netstat"
    if (filter.port === undefined) {
      return { source: 'netstat', command: typedCommand('netstat', args), ...readNetstat(run.stdout) }
    }
    const pattern = new RegExp(`Proto|:${filter.port} `)
    const kept = run.stdout.split('\n').filter((line) => pattern.test(line))
    const command = `${typedCommand('netstat', args)} | grep -E '${pattern.source}'`
    return { source: 'netstat', command, ...readNetstat(kept.join('\n')) }
  })
}

function answer(source: ListingSource, run: ToolRun, read: (run: Finished) => Listing | string): Answer {
  if (run.outcome !== 'ran') return { absent: { source, reason: run.reason } }
  const listing = read(run)
  return typeof listing === 'string' ? { absent: { source, reason: `${source}: ${listing}` } } : { listing }
}

function firstLine({ stderr, exitCode }: Finished): string {
  return stderr.split('\n').find((line) => line.trim() !== '') ?? `it ended with exit code ${exitCode}`
}

/** The rows of a listing whose own port it is: tools also find connections *to* a port. */
export function rowsOfPort(rows: readonly SocketRow[], { port, protocol }: PortFilter): SocketRow[] {
  return rows.filter(
    (row) => (port === undefined || row.local.port === port) && (protocol === undefined || row.protocol === protocol),
  )
}
