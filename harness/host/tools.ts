/** Probes for tools that only some checks need: each is really started. */

import { existsSync } from 'node:fs'

import type { ToolRun } from '../command/tool.ts'
import { runTool } from '../command/tool.ts'
import type { ToolName } from './tool-answers.ts'
import { askTool } from './tool-answers.ts'

/** Runs the tool in this process's network, or in another one. */
type Run = (command: string, args: readonly string[]) => Promise<ToolRun>

/** Null where the tool is there. */
type Probe = (run?: Run) => Promise<string | null>

const isThere =
  (tool: ToolName): Probe =>
  async () =>
    (await askTool(tool)).reason

/** The interpreter itself. What stands in PATH may be a script that looks for it, at each start, longer than it runs. */
let interpreter = 'python3'

export const pythonFile = (): string => interpreter

export function knowPython(file: string): void {
  interpreter = file
}

/** Passing descriptors (socket.send_fds) came with 3.9. */
async function whyNoPython(): Promise<string | null> {
  const { reason, printed } = await askTool('python3')
  if (reason !== null) return reason
  const [, major, minor, file] = /^Python (\d+)\.(\d+)\S* (\/.*)$/m.exec(printed) ?? []
  if (file !== undefined) knowPython(file)
  const isRecent = Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 9)
  return isRecent ? null : 'python3 is older than 3.9, or does not answer'
}

/** What pcap-savefile(5) has at the beginning of a capture, here of one without a packet; and who prints it. */
const PRINT_CAPTURE = `
empty() { printf '\\324\\303\\262\\241\\2\\0\\4\\0\\0\\0\\0\\0\\0\\0\\0\\0\\377\\377\\0\\0\\1\\0\\0\\0'; }
empty | tcpdump -n -r - || empty | unshare --user tcpdump -n -r -`

/**
 * Started by root, tcpdump becomes another user first. In a user namespace of one user there is none: then it has to be
 * nobody from the start, in one more. The program capture.py goes the same two ways.
 */
async function whyNoCapturePrinted(runIt: Run = runTool): Promise<string | null> {
  const { reason } = await askTool('tcpdump')
  if (reason !== null) return reason
  const run = await runIt('/bin/sh', ['-c', PRINT_CAPTURE])
  if (run.outcome !== 'ran') return run.reason
  if (run.exitCode === 0) return null
  const said = run.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('reading from'))
  return `tcpdump prints nothing: ${said.join(' / ')}; it needs another user, or a user namespace (user.max_user_namespaces)`
}

/** Whether the kernel takes such a rule: with --check it judges the rule, and then forgets it again. */
const takesRule =
  (statement: string, needed: string): Probe =>
  async (runIt = runTool) => {
    const chain = 'add table inet probe; add chain inet probe in { type filter hook input priority 0; }'
    const run = await runIt('nft', ['--check', `${chain}; add rule inet probe in ${statement}`])
    if (run.outcome !== 'ran') return run.reason
    const [said = ''] = run.stderr.trim().split('\n')
    return run.exitCode === 0 ? null : `a rule with "${statement}" is answered "${said}"; it needs ${needed}`
  }

/** Probes whose answer does not depend on the network in which they are asked. */
export const ELSEWHERE_TOO: readonly string[] = ['lsof', 'ss', 'netstat', 'nmap', 'ip', 'setpriv', 'python']

/** Probes of what only an act with a network of its own may do, to be asked with a way to run a tool in one. */
export const OWN_NETWORK_PROBES = {
  tcpdump: whyNoCapturePrinted,
  'packet-filter': takesRule('tcp dport 1 counter drop', 'CAP_NET_ADMIN, and a kernel with nf_tables'),
  // What a rule may say beyond that is in parts of their own, which a kernel may lack.
  'packet-filter-reject': takesRule('reject with icmpx admin-prohibited', 'the kernel module nft_reject_inet'),
  'packet-filter-numgen': takesRule('numgen inc mod 5 == 2 drop', 'the kernel module nft_numgen'),
} satisfies Record<string, Probe>

export const TOOL_PROBES = {
  ...OWN_NETWORK_PROBES,
  lsof: isThere('lsof'),
  ss: isThere('ss'),
  netstat: isThere('netstat'),
  nmap: isThere('nmap'),
  ip: isThere('ip'),
  setpriv: isThere('setpriv'),
  python: whyNoPython,
  'services-database': () => Promise.resolve(existsSync('/etc/services') ? null : 'there is no file /etc/services'),
  proc: () => Promise.resolve(existsSync('/proc/net/tcp') ? null : 'there is no /proc/net/tcp'),
} satisfies Record<string, Probe>
