/**
 * Makes a network namespace with nothing but its loopback interface, for one command: network_namespaces(7). An
 * ordinary user may do so inside a user namespace of his own, in which he counts as user 0: user_namespaces(7).
 */

import type { ToolRun } from '../command/tool.ts'
import { runTool } from '../command/tool.ts'

/** The loopback interface of a new namespace is down. What is printed says that the network was made. */
const SCRIPT = `
command -v ip >/dev/null || { echo 'the tool ip is not installed' >&2; exit 1; }
ip link set lo up || exit 1
echo made && exec "$@" >&2
`

/** What the command prints first on its standard output once its network is there; all it prints later goes to stderr. */
export const NETWORK_MADE = 'made'

/** Where user namespaces are forbidden, root can do without one. */
export function waysToOwnNetwork(): readonly (readonly string[])[] {
  const mapped = ['--map-root-user', '--net']
  return process.geteuid?.() === 0 ? [mapped, ['--net']] : [mapped]
}

/**
 * The kernel keeps the TCP connections of all networks in one hash table, sized by the memory of the machine, and whoever
 * reads /proc/net/tcp walks through all of it. A network that is made from one with this setting has a small table of its
 * own (ip-sysctl, tcp_child_ehash_entries, since Linux 6.1): a reading takes a quarter of the time. It keeps at most half
 * as many connections in TIME-WAIT as there are entries.
 */
const SMALL_TABLE = 'echo 16384 2>/dev/null >/proc/sys/net/ipv4/tcp_child_ehash_entries; exec "$@"'

/**
 * The ways for a process that starts handed-in programs: it also gets its own table of mounts, and tables of sockets that
 * are soon read. Root does without a user namespace where it can: in one that maps only itself, it could not give a
 * program another user id.
 */
export function waysToOwnNetworkAndMounts(): readonly (readonly string[])[] {
  const within = ['--mount', '--propagation', 'private', '/bin/sh', '-c', SMALL_TABLE, 'sh', 'unshare', '--net']
  const ways = waysToOwnNetwork().map((way) => [...way, ...within])
  return ways.toReversed()
}

/** The words that run `command` in a network of its own. */
export function inOwnNetwork(way: readonly string[], command: readonly string[]): [string, string[]] {
  return ['unshare', [...way, '/bin/sh', '-c', SCRIPT, 'sh', ...command]]
}

export async function whyNoOwnNetwork(): Promise<string | null> {
  return await whyNot(['true'])
}

/** A second network namespace, joined to the first one by a veth(4) pair: tried in a network that ends with the trial. */
export async function whyNoNeighbour(): Promise<string | null> {
  const trial = `
    command -v nsenter >/dev/null || { echo 'the tool nsenter is not installed' >&2; exit 1; }
    ip link add veth0 type veth peer name veth1 && unshare --net true`
  return await whyNot(['/bin/sh', '-c', trial])
}

async function whyNot(command: readonly string[]): Promise<string | null> {
  let why = ''
  for (const way of waysToOwnNetwork()) {
    const run = await runTool(...inOwnNetwork(way, command))
    if (run.outcome !== 'ran') return run.outcome === 'absent' ? whyNoUnshare(run.reason) : run.reason
    if (run.exitCode === 0) return null
    why ||= whyNotMade(run.stderr, `it ended with exit code ${run.exitCode}`)
  }
  return why
}

/** Runs a tool in a network that ends with it. All that it prints comes on stderr; `absent` where there is no network. */
export async function runInOwnNetwork(command: string, args: readonly string[]): Promise<ToolRun> {
  let why = ''
  for (const way of waysToOwnNetwork()) {
    const run = await runTool(...inOwnNetwork(way, [command, ...args]))
    if (run.outcome === 'absent') return { ...run, reason: whyNoUnshare(run.reason) }
    // sh(1) ends with 127 where it finds no such program.
    if (run.outcome === 'ran' && run.exitCode === 127) return { outcome: 'absent', reason: `${command}: ENOENT` }
    if (run.outcome === 'stopped' || run.stdout.startsWith(NETWORK_MADE)) return run
    why ||= whyNotMade(run.stderr, `it ended with exit code ${run.exitCode}`)
  }
  return { outcome: 'absent', reason: why }
}

/** The reason in one line: what was printed first. */
export function whyNotMade(stderr: string, otherwise: string): string {
  const line = stderr.split('\n').find((one) => one.trim() !== '')
  return `no network namespace can be made: ${line?.trim() ?? otherwise}`
}

export function whyNoUnshare(reason: string): string {
  return `no network namespace can be made without the tool unshare (${reason.replace(/^unshare: /, '')})`
}
