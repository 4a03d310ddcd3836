/**
 * Makes a second host: another network namespace, joined to this one by a veth(4) pair. A process that does nothing
 * holds it, and ends with this process, because its standard input does.
 */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

import { runTool } from '../command/tool.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import { MARKER_VARIABLE } from './marker.ts'
import { waitFor } from './wait.ts'

export type NeighbourHost = {
  /** A process in its network: the kernel shows that network's tables below it. */
  pid: number
  /** What stands before a command that is to run there. */
  enter: readonly string[]
  /** Until the network is gone, with its end of the pair. */
  leave: () => Promise<void>
}

/** Addresses for documentation: RFC 5737 and RFC 3849. */
export const WIRE = {
  ours: { device: 'veth0', address: '192.0.2.1', addressOverIPv6: '2001:db8::1' },
  theirs: { device: 'veth1', address: '192.0.2.2', addressOverIPv6: '2001:db8::2' },
} as const

type End = (typeof WIRE)[keyof typeof WIRE]

export type JoinOptions = { marker: string; limitMs: number; signal: AbortSignal }

/** @throws Inconclusive where a step of it fails, with the words of the tool. */
export async function joinNeighbour(options: JoinOptions): Promise<NeighbourHost> {
  const { pid, leave } = await holdNetwork(options)
  const enter = ['nsenter', '-t', `${pid}`, '-n']
  const { ours, theirs } = WIRE
  await batch([], [`link add ${ours.device} type veth peer name ${theirs.device} netns ${pid}`])
  await batch(enter, setUp(theirs))
  await batch([], setUp(ours))
  await Promise.all([waitForLink([], ours, options), waitForLink(enter, theirs, options)])
  return { pid, enter, leave }
}

/** The process is in its network when it says so: unshare(2) comes before the program. */
async function holdNetwork({ marker, limitMs, signal }: JoinOptions): Promise<Pick<NeighbourHost, 'pid' | 'leave'>> {
  const holder = spawn('unshare', ['--net', '/bin/sh', '-c', 'ip link set lo up && echo made && exec cat'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, [MARKER_VARIABLE]: marker },
  })
  let printed = ''
  let ended: string | undefined
  holder.stdin.on('error', () => {})
  for (const stream of [holder.stdout, holder.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (printed += piece))
  }
  holder.once('error', ({ message }) => (ended = message))
  const closed = new Promise<void>((resolve) => holder.once('close', () => resolve()))
  holder.once('close', (code) => (ended ??= `it ended with exit code ${code}`))
  const { pid } = holder
  const made = () => {
    if (ended !== undefined) throw new Inconclusive(`no second network could be made: ${printed.trim() || ended}`)
    return pid !== undefined && printed.startsWith('made') ? pid : undefined
  }
  const leave = async () => {
    holder.kill('SIGKILL')
    await closed
  }
  return { pid: await waitFor(made, { limitMs, signal, what: 'a second network', pollMs: 3 }), leave }
}

/** Without an address of its own making (fe80::) the interface sends nothing that nobody asked it to. */
function setUp({ device, address, addressOverIPv6 }: End): string[] {
  const overIPv6 = [`link set ${device} addrgenmode none`, `addr add ${addressOverIPv6}/64 dev ${device} nodad`]
  const link = [`addr add ${address}/24 dev ${device}`, `link set ${device} up`]
  return [...(hasIPv6() ? overIPv6 : []), ...link]
}

/** A new namespace has IPv6 where the kernel has it and nobody has switched it off for all to come. */
function hasIPv6(): boolean {
  try {
    return readFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', 'latin1').trim() === '0'
  } catch {
    return false
  }
}

async function batch(enter: readonly string[], commands: readonly string[]): Promise<void> {
  const [file, ...args] = [...enter, 'ip', '-batch', '-']
  const run = await runTool(file, args, { input: `${commands.join('\n')}\n` })
  if (run.outcome === 'ran' && run.exitCode === 0) return
  const why = run.outcome === 'ran' ? run.stderr.trim().replaceAll('\n', ' / ') : run.reason
  throw new Inconclusive(`the second network could not be joined: ${why}`)
}

/** Until the kernel has told that the link is up, what is sent on it is dropped. */
async function waitForLink(enter: readonly string[], { device }: End, { limitMs, signal }: JoinOptions): Promise<void> {
  const [file, ...args] = [...enter, 'ip', '-o', 'link', 'show', device]
  const look = async () => {
    const run = await runTool(file, args)
    return (run.outcome === 'ran' && run.stdout.includes(' state UP ')) || undefined
  }
  await waitFor(look, { limitMs, signal, what: `the link ${device} to be up`, pollMs: 5 })
}
