/** A look at this machine through one of its tools: what the tool prints is read as if it had been pasted. */

import { runTool, typedCommand } from '../command/tool.ts'
import type { ReadListing } from '../domain/look.ts'
import { readListings } from '../listing/recognise.ts'
import type { Source } from './sources.ts'
import { NoSource } from './sources.ts'

export type Tool = Exclude<Source, 'kernel' | 'proc'>

/** All sockets, with numbers, and programs where the tool can name them. */
const ARGUMENTS: Readonly<Record<Tool, Readonly<Record<string, readonly string[]>>>> = {
  ss: { linux: ['-tuanpe'] },
  lsof: { any: ['-nP', '-i'] },
  netstat: { linux: ['-tuanpe'], darwin: ['-anv'], win32: ['-ano'], openbsd: ['-an', '-f', 'inet'], any: ['-an'] },
  fstat: { any: [] },
  sockstat: { any: [] },
}

/** The first one that is there is asked. fstat and sockstat name the processes on the BSDs, netstat does not. */
const BEST: Readonly<Record<string, readonly Tool[]>> = {
  linux: ['ss', 'lsof', 'netstat'],
  darwin: ['lsof', 'netstat'],
  win32: ['netstat'],
  freebsd: ['sockstat', 'lsof', 'netstat'],
  any: ['fstat', 'lsof', 'netstat'],
}

/** @throws NoSource with the reason for each tool. */
export async function lookWithBestTool(): Promise<ReadListing> {
  const reasons: string[] = []
  for (const tool of BEST[process.platform] ?? BEST['any'] ?? []) {
    try {
      return await lookWithTool(tool)
    } catch (error) {
      if (!(error instanceof NoSource)) throw error
      reasons.push(error.message)
    }
  }
  throw new NoSource(`nothing here can list sockets: ${reasons.join('; ')}`)
}

/** @throws NoSource where the tool is not there, refuses, or prints something else. */
export async function lookWithTool(tool: Tool): Promise<ReadListing> {
  const args = ARGUMENTS[tool][process.platform] ?? ARGUMENTS[tool]['any']
  if (args === undefined) throw new NoSource(`${tool} is a tool of another system`)
  const run = await runTool(tool, args)
  if (run.outcome !== 'ran') throw new NoSource(run.reason.endsWith(': ENOENT') ? `${tool} is not here` : run.reason)
  const command = typedCommand(tool, args)
  const { listings, unread } = readListings(`$ ${command}\n${run.stdout}`)
  const [first, ...more] = listings
  // lsof says nothing at all where it finds nothing that this user may see, and ends with 1.
  if (tool === 'lsof' && run.stdout.trim() === '' && run.stderr.trim() === '') return nothing(command)
  if (first === undefined) throw new NoSource(`${tool}: ${complaint(run)}`)
  // netstat of the BSDs has a heading for each part.
  const rows = listings.flatMap((listing) => listing.rows)
  return {
    ...first,
    command,
    lines: null,
    rows,
    leftOut: listings.flatMap((listing) => listing.leftOut),
    unread: [...listings.flatMap((listing) => listing.unread), ...unread],
    blind:
      more.length === 0 ? first.blind : first.blind.filter((one) => more.every(({ blind }) => blind.includes(one))),
  }
}

function nothing(command: string): ReadListing {
  const blind: ReadListing['blind'] = ['other-users']
  return { format: 'lsof', command, lines: null, rows: [], hosts: [], unread: [], leftOut: [], blind }
}

function complaint({ stdout, stderr, exitCode }: { stdout: string; stderr: string; exitCode: number }): string {
  const said = stderr.split('\n').find((line) => line.trim() !== '')
  if (said !== undefined) return said
  return stdout.trim() === '' ? `it printed nothing, and ended with exit code ${exitCode}` : 'it prints something else'
}
